"""How the field paces, written anew from what is published, each behind the contract of ``dialer.pacing``."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from statistics import fmean
from typing import Any

from dialer.pacing.contract import PacingEvent, Snapshot


class Baseline:
    """What all of them share: they count the day, and carry nothing into the next."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.placed = self.answered = self.abandoned = 0

    def observe(self, event: PacingEvent) -> None:
        """Count."""
        self.placed += event.kind == "placed"
        self.answered += event.kind == "answered"
        self.abandoned += event.kind == "abandoned"

    @property
    def over_limit(self) -> bool:
        """Whether the day so far has abandoned more than it may."""
        return self.abandoned > self.limit * self.answered

    def state(self) -> dict[str, Any]:
        """Empty."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Nothing to go on from."""

    def explain(self) -> str:
        """Their name."""
        return type(self).__name__


class DialLevel(Baseline):
    """VICIdial's adaptive modes, after its manager manual and the behaviour of its adapt and auto-dial programs.

    The level, lines for each agent in a call or ready, moves by the surplus of ready agents over waiting calls, as a
    share of all agents. Past the limit on the day's drops the average mode halves it and the hard mode sets it to 1.
    """

    SAMPLE_S, ADAPT_S, DIAL_S = 1.0, 15.0, 2.5
    CALLS_BEFORE_LIMIT = 50
    """Calls of the day before the share of drops counts."""

    def __init__(self, limit: float, most: float, hard: bool = False) -> None:
        super().__init__(limit)
        self._most, self._hard = most, hard
        self._level = 1.0
        self._surplus: deque[float] = deque(maxlen=int(self.ADAPT_S / self.SAMPLE_S))
        self._sample_at, self._adapt_at, self._dial_at = 0.0, self.ADAPT_S, 0.0

    def lines_to_place(self, snapshot: Snapshot) -> int:
        """Each program on its own clock: sample, adapt, dial."""
        ready = sum(agent.state == "ready" for agent in snapshot.agents)
        talking = sum(agent.state == "talking" for agent in snapshot.agents)
        if snapshot.now >= self._sample_at:
            self._sample_at = snapshot.now + self.SAMPLE_S
            waiting = sum(line.stage == "answered" for line in snapshot.lines)
            self._surplus.append((ready - waiting) / max(1, len(snapshot.agents)))
        if snapshot.now >= self._adapt_at:
            self._adapt_at = snapshot.now + self.ADAPT_S
            self._adapt()
        if snapshot.now < self._dial_at:
            return 0
        self._dial_at = snapshot.now + self.DIAL_S
        calls = talking + len(snapshot.lines)
        wanted = round(self._level * (ready + talking)) - calls
        return max(0, min(wanted, snapshot.line_limit - len(snapshot.lines)))

    def _adapt(self) -> None:
        self._level = min(self._most, self._level * (1 + fmean(self._surplus)))
        if self.placed > self.CALLS_BEFORE_LIMIT and self.over_limit:
            self._level = 1.0 if self._hard else self._level / 2
        self._level = max(1.0, self._level)


class ExpectedAnswers(Baseline):
    """The textbook's predictor: as many lines as answers are wanted for the agents who are free when they come.

    Free then are those ready and, of those busy, the share that ends within a ring time (talks taken as
    exponential). A gain on the count integrates, minute by minute, what might be abandoned less what was.
    """

    WINDOW_S = 60.0
    STEP = 0.03
    """Gain for each call allowed or abandoned. With 0.01 days end far above the limit, with 0.1 the gain swings."""
    GAINS = (0.1, 3.0)
    PRIOR_WEIGHT = 20.0
    PRIOR_ANSWER_SHARE, PRIOR_RING_S, PRIOR_HANDLE_S = 0.3, 10.0, 120.0

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._gain, self._window_ends = 1.0, self.WINDOW_S
        self._allowance = 0.0
        self._resolved, self._ring_s = 0, 0.0
        self._handled, self._handle_s = 0, 0.0

    def observe(self, event: PacingEvent) -> None:
        """Keep means since the morning, each begun with a guess."""
        super().observe(event)
        if event.kind in ("answered", "machine", "failed"):
            self._resolved += 1
        if event.kind == "answered":
            self._ring_s += event.seconds
        elif event.kind in ("talk_ended", "wrapup_ended"):
            self._handled += event.kind == "wrapup_ended"
            self._handle_s += event.seconds

    def lines_to_place(self, snapshot: Snapshot) -> int:
        """Lines that bring the wanted answers, less those in flight."""
        if snapshot.now >= self._window_ends:
            self._correct(snapshot.now)
        weight = self.PRIOR_WEIGHT
        answer_share = (self.answered + weight * self.PRIOR_ANSWER_SHARE) / (self._resolved + weight)
        ring_s = (self._ring_s + weight * self.PRIOR_RING_S) / (self.answered + weight)
        handle_s = (self._handle_s + weight * self.PRIOR_HANDLE_S) / (self._handled + weight)
        ready = sum(agent.state == "ready" for agent in snapshot.agents)
        busy = sum(agent.state in ("talking", "wrapup") for agent in snapshot.agents)
        free = ready + busy * -math.expm1(-ring_s / handle_s)
        wanted = min(math.floor(self._gain * free / answer_share), snapshot.line_limit)
        return max(0, wanted - len(snapshot.lines))

    def _correct(self, now: float) -> None:
        self._window_ends = now + self.WINDOW_S
        allowance = self.limit * self.answered - self.abandoned
        least, most = self.GAINS
        self._gain = min(most, max(least, self._gain + self.STEP * (allowance - self._allowance)))
        self._allowance = allowance
