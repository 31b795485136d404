"""Everything that a predictive pacer has learned of a campaign, and the forecasts made of it."""

from __future__ import annotations

import math
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
COLD_ANSWERS = 80
"""Until so many people have answered, the learned shape alone says how often they do: no second window."""
DOUBT, TRUSTED = 2.0, 0.2
"""A rate seen in n answers may be truly higher by about DOUBT / sqrt(n + 1); that much under TRUSTED is let go."""
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
        self._answered = 0
        self._looked_at: float | None = None
        self._lines_due = self._agents_due = float("-inf")
        self.lines = LineForecast(self.answering.incidence(1.0))
        self._shape_share = self.lines.answer_share
        """The share of lines that the learned shape alone says people answer."""
        self.agents = self._forecast_agents()

    def observe(self, event: PacingEvent) -> None:
        """Learn from one event."""
        self.waiting.observe(event)
        if event.kind in ("answered", "machine", "failed"):
            self.answering.ended(event.kind, event.seconds)
        if event.kind == "answered":
            self._answered += 1
            if self._answered > COLD_ANSWERS:
                self.rate.answered()
        elif event.kind == "talk_ended":
            self.talk.ended(event.seconds)
        elif event.kind == "wrapup_ended":
            self.wrapup.ended(event.seconds)

    def look(self, snapshot: Snapshot, ages: Sequence[float]) -> None:
        """See the room, and renew the forecasts that are due. ``ages``: of the lines not yet picked up."""
        now = snapshot.now
        gap = min(MAX_GAP_S, now - self._looked_at) if self._looked_at is not None else 0.0
        self._looked_at = now
        if gap > 0.0 and self._answered >= COLD_ANSWERS:
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
        before, self._shape_share = self._shape_share, self._renewed_share(ages)
        self.rate.rescale(self._shape_share / before)
        self.lines = LineForecast(self.answering.incidence(self._caution() * self.rate.factor()))

    def _renewed_share(self, ages: Sequence[float]) -> float:
        self.answering.refresh(ages)
        return self.answering.incidence(1.0).answered[-1]

    def _caution(self) -> float:
        """By how much more often people may answer than the few answers so far say."""
        return 1.0 + max(0.0, DOUBT / math.sqrt(self._answered + 1) - TRUSTED)

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
            "answered": self._answered,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self.answering.restore(state["answering"])
        self.rate.restore(state["rate"])
        self.talk.restore(state["talk"])
        self.wrapup.restore(state["wrapup"])
        self.waiting.restore(state["waiting"])
        self._answered = int(state["answered"])
        self._shape_share = self._renewed_share(())
        self._looked_at = None
        self._lines_due = self._agents_due = float("-inf")
