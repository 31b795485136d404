"""Everything that a predictive pacer has learned of a campaign, and the forecasts made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .answering import BIN_S, Answering, bin_of
from .contract import PacingEvent, Snapshot
from .forecast import AgentForecast, LineForecast
from .rates import AnswerRate
from .survival import Lifetimes
from .waiting import Waiting

EXPECTED_TALK_S = 120.0
EXPECTED_WRAPUP_S = 20.0
LINES_EVERY_S = 3.0
AGENTS_EVERY_S = 12.0
"""How often forecasts are made anew: answer rates move faster than the lengths of talk."""
COLD_LINES = 40
"""Until so many lines have ended, the answer rate is not believed below what ended lines show."""
COLD_PRIOR_LINES, COLD_PRIOR_ANSWERS = 12.0, 6.0
MAX_GAP_S = 1.0
"""Between two looks at the room; after a longer silence only this much is counted."""


class Learned:
    """Learns by ``observe`` and ``look``; ``lines`` and ``agents`` are the current forecasts."""

    def __init__(self, answer_wait_s: float) -> None:
        self.answering = Answering()
        self.rate = AnswerRate()
        self.talk = Lifetimes(EXPECTED_TALK_S)
        self.wrapup = Lifetimes(EXPECTED_WRAPUP_S)
        self.waiting = Waiting(answer_wait_s)
        self._ended = 0
        self._answered = 0
        self._looked_at: float | None = None
        self._lines_due = self._agents_due = float("-inf")
        self.lines = LineForecast(self.answering.incidence(1.0))
        self.agents = self._forecast_agents()

    def observe(self, event: PacingEvent) -> None:
        """Learn from one event."""
        self.waiting.observe(event)
        if event.kind in ("answered", "machine", "failed"):
            self.answering.ended(event.kind, event.seconds)
            self._ended += 1
        if event.kind == "answered":
            self.rate.answered()
            self._answered += 1
        elif event.kind == "talk_ended":
            self.talk.ended(event.seconds)
        elif event.kind == "wrapup_ended":
            self.wrapup.ended(event.seconds)

    def look(self, snapshot: Snapshot, ages: Sequence[float]) -> None:
        """See the room, and renew the forecasts that are due. ``ages``: of the lines not yet picked up."""
        now = snapshot.now
        gap = min(MAX_GAP_S, now - self._looked_at) if self._looked_at is not None else 0.0
        self._looked_at = now
        if gap > 0.0:
            hazard = self.answering.hazard
            self.rate.expect(sum([hazard[bin_of(age)] for age in ages]) * gap / BIN_S)
        if now >= self._lines_due:
            self._lines_due = now + LINES_EVERY_S
            self._renew_lines(ages)
        if now >= self._agents_due:
            self._agents_due = now + AGENTS_EVERY_S
            self.talk.refresh([now - agent.since for agent in snapshot.agents if agent.state == "talking"])
            self.wrapup.refresh([now - agent.since for agent in snapshot.agents if agent.state == "wrapup"])
            self.agents = self._forecast_agents()

    def _renew_lines(self, ages: Sequence[float]) -> None:
        before = self.answering.incidence(1.0).answered[-1]
        self.answering.refresh(ages)
        after = self.answering.incidence(1.0).answered[-1]
        self.rate.rescale(after / before)
        factor = self.rate.factor()
        if self._ended < COLD_LINES:
            seen = (COLD_PRIOR_ANSWERS + self._answered) / (COLD_PRIOR_LINES + self._ended)
            factor = max(factor, seen / after)
        self.lines = LineForecast(self.answering.incidence(factor))

    def _forecast_agents(self) -> AgentForecast:
        grace_s = self.waiting.detection_s + self.waiting.patience_s
        return AgentForecast(self.talk, self.wrapup, self.lines.horizons_s, grace_s)

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {
            "answering": self.answering.state(),
            "rate": self.rate.state(),
            "talk": self.talk.state(),
            "wrapup": self.wrapup.state(),
            "waiting": self.waiting.state(),
            "ended": self._ended,
            "answered": self._answered,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self.answering.restore(state["answering"])
        self.rate.restore(state["rate"])
        self.talk.restore(state["talk"])
        self.wrapup.restore(state["wrapup"])
        self.waiting.restore(state["waiting"])
        self._ended, self._answered = int(state["ended"]), int(state["answered"])
        self._looked_at = None
        self._lines_due = self._agents_due = float("-inf")
