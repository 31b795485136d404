"""Everything that a predictive pacer has learned of a campaign, and the forecasts made of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import compress
from operator import mul
from typing import Any

from .answering import BIN_S, Answering
from .contract import LineView, PacingEvent, Snapshot
from .forecast import AgentForecast, Crowd, LineForecasts, Row
from .profile import Hours, Sorts, class_factor
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
FOREVER = float("-inf")


class Learned:
    """Learns by ``observe`` and ``look``; ``lines`` and ``agents`` are the current forecasts."""

    def __init__(self, answer_wait_s: float) -> None:
        self.answering = Answering()
        self.rate = AnswerRate()
        self.sorts, self.hours = Sorts(), Hours()
        self.talk = Lifetimes(EXPECTED_TALK_S)
        self.wrapup = Lifetimes(EXPECTED_WRAPUP_S)
        self.waiting = Waiting(answer_wait_s)
        self._answered = 0
        self._looked_at: float | None = None
        self._lines_due = self._agents_due = FOREVER
        self.lines = LineForecasts(self.answering, 1.0)
        self._shape_share = self.lines.room.answer_share
        """The share of lines that the learned shape alone says people answer."""
        self.agents = self._forecast_agents()
        self._out: dict[int, Counter[int]] = {}
        """How many lines ring, by class of lead and bin of age."""

    def observe(self, event: PacingEvent) -> None:
        """Learn from one event."""
        self.waiting.observe(event)
        if event.kind in ("answered", "machine", "failed"):
            self._line_ended(event)
        elif event.kind == "talk_ended":
            self.talk.ended(event.seconds)
        elif event.kind == "wrapup_ended":
            self.wrapup.ended(event.seconds)

    def _line_ended(self, event: PacingEvent) -> None:
        answered = event.kind == "answered"
        self.answering.ended(event.kind, event.seconds)
        self.hours.ended(answered)
        if event.lead_kind:
            expected = self.answering.expected_by(event.seconds) * self.rate.factor()
            self.sorts.ended(event.lead_kind, answered, expected)
        if answered:
            self._answered += 1
            if self._answered > COLD_ANSWERS:
                self.rate.answered()

    def look(self, snapshot: Snapshot, ringing: Sequence[LineView], bins: Sequence[int]) -> None:
        """See the room, and renew the forecasts that are due. ``bins``: of the ages of the ``ringing`` lines."""
        now = snapshot.now
        self.rate.rescale(1.0 / self.hours.move_to(snapshot.hour))
        if now >= self._lines_due:
            self._lines_due = now + LINES_EVERY_S
            self._renew_lines([now - line.placed_at for line in ringing])
        self._out = self._counted(ringing, bins)
        self._expect(now)
        if now >= self._agents_due:
            self._agents_due = now + AGENTS_EVERY_S
            self.talk.refresh([now - agent.since for agent in snapshot.agents if agent.state == "talking"])
            self.wrapup.refresh([now - agent.since for agent in snapshot.agents if agent.state == "wrapup"])
            self.agents = self._forecast_agents()

    def _expect(self, now: float) -> None:
        gap = min(MAX_GAP_S, now - self._looked_at) if self._looked_at is not None else 0.0
        self._looked_at = now
        if gap <= 0.0 or self._answered < COLD_ANSWERS:
            return
        hazard_at, expected = self.answering.hazard.__getitem__, 0.0
        for class_, lines in self._out.items():
            expected += class_factor(class_) * sum(map(mul, map(hazard_at, lines), lines.values()))
        self.rate.expect(expected * gap / BIN_S)

    def _counted(self, ringing: Sequence[LineView], bins: Sequence[int]) -> dict[int, Counter[int]]:
        if self.sorts.is_empty:
            return {0: Counter(bins)}
        classes = self.sorts.classes_of([line.lead_kind for line in ringing])
        known = set(classes)
        if len(known) <= 1:
            return {class_: Counter(bins) for class_ in known}
        return {class_: Counter(compress(bins, [other == class_ for other in classes])) for class_ in known}

    def out(self) -> list[Crowd]:
        """The ringing lines that were last looked at, and their chances to be answered before each answer moment."""
        found: list[Crowd] = []
        for class_, lines in self._out.items():
            rows = self.lines.rows(class_)
            found += [(rows[bin_], number) for bin_, number in lines.items()]
        return found

    def new_row(self, sort: str) -> Row:
        """The chances of a line placed now."""
        return self.lines.rows(self.sorts.class_of(sort))[0]

    def _renew_lines(self, ages: Sequence[float]) -> None:
        before, self._shape_share = self._shape_share, self._renewed_share(ages)
        self.rate.rescale(self._shape_share / before)
        self.sorts.refresh()
        self.lines = LineForecasts(self.answering, self._caution() * self.rate.factor())

    def _renewed_share(self, ages: Sequence[float]) -> float:
        self.answering.refresh(ages)
        return self.answering.incidence(1.0).answered[-1]

    def _caution(self) -> float:
        """By how much more often people may answer than the few answers so far say."""
        return 1.0 + max(0.0, DOUBT / math.sqrt(self._answered + 1) - TRUSTED)

    def _forecast_agents(self) -> AgentForecast:
        grace_s = self.waiting.detection_s + self.waiting.patience_s
        return AgentForecast(self.talk, self.wrapup, self.lines.room.horizons_s, grace_s)

    def renew_soon(self) -> None:
        """Make the forecasts anew at the next look."""
        self._lines_due = self._agents_due = FOREVER

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {
            "answering": self.answering.state(),
            "rate": self.rate.state(),
            "sorts": self.sorts.state(),
            "hours": self.hours.state(),
            "talk": self.talk.state(),
            "wrapup": self.wrapup.state(),
            "waiting": self.waiting.state(),
            "answered": self._answered,
            "looked_at": self._looked_at,
            "shape_share": self._shape_share,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self.answering.restore(state["answering"])
        self.rate.restore(state["rate"])
        self.sorts.restore(state["sorts"])
        self.hours.restore(state["hours"])
        self.talk.restore(state["talk"])
        self.wrapup.restore(state["wrapup"])
        self.waiting.restore(state["waiting"])
        self._answered = int(state["answered"])
        self._looked_at = state["looked_at"]
        self._shape_share = float(state["shape_share"])
        self.renew_soon()
