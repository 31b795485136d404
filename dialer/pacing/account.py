"""The abandonment account: what the limit allows of the people who answered, less what was spent."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

WINDOW_DAYS = 30
DAY_S = 86_400.0
"""16 CFR 310.4(b)(4)(i) measures over 30 days or the campaign, whichever is shorter."""
MEMORY_S = 1200.0
"""Answers of about this time say how fast the account earns."""
IDLE_S = 60.0
"""A longer silence is a pause or a night: the pace of the work before it still tells more than nothing."""
LEAST_KNOWN = 0.1
"""The part of the memory that counts as filled when it begins to fill."""
MAX_SURPLUS = 4.0
"""In units of ``scale``: what is saved beyond is let go, so that a quiet morning is not spent in one bad hour."""


class AbandonAccount:
    """Counts people who answered and those of them who were abandoned."""

    def __init__(self, limit: float, answered: int = 0, abandoned: int = 0) -> None:
        self.limit = limit
        self._days: deque[list[float]] = deque([[0.0, 0, 0]], maxlen=WINDOW_DAYS)
        self._days[0] = [0.0, answered, abandoned]
        self._balance = min(0.0, limit * answered - abandoned)
        self._pace = 0.0
        self._known = LEAST_KNOWN
        self._last: float | None = None

    def answered(self, at: float) -> None:
        """A person answered: the account earns ``limit`` of a call."""
        self._pass_time(at)
        self._days[-1][1] += 1
        self._pace += 1.0 / MEMORY_S
        self._balance = min(self._balance + self.limit, MAX_SURPLUS * self.scale())

    def not_a_person(self, at: float) -> None:
        """An answer that was counted came from a machine: what it earned is given back."""
        self._pass_time(at)
        self._days[-1][1] -= 1
        self._balance -= self.limit

    def abandoned(self, at: float) -> None:
        """One of them met nobody: the account pays one."""
        self._pass_time(at)
        self._days[-1][2] += 1
        self._balance -= 1.0

    def _pass_time(self, at: float) -> None:
        elapsed = max(0.0, at - self._last) if self._last is not None else 0.0
        self._last = at
        fade = math.exp(-min(elapsed, IDLE_S) / MEMORY_S)
        self._pace *= fade
        self._known = 1.0 - (1.0 - self._known) * fade
        self._days[-1][0] += elapsed
        if self._days[-1][0] >= DAY_S:
            self._days.append([0.0, 0, 0])

    def scale(self) -> float:
        """Calls earned in ``MEMORY_S``, at least one: the size of a swing that means nothing."""
        return max(1.0, self.limit * self._pace / self._known * MEMORY_S)

    def balance(self) -> float:
        """Calls that may still be abandoned; below zero when the limit is passed."""
        return min(self._balance, self.limit * self.total_answered() - self.total_abandoned())

    def total_answered(self) -> int:
        """In the legal window."""
        return int(sum(day[1] for day in self._days))

    def total_abandoned(self) -> int:
        """In the legal window."""
        return int(sum(day[2] for day in self._days))

    def share(self) -> float:
        """Abandoned of answered in the legal window; 0 before the first answer."""
        return self.total_abandoned() / max(1, self.total_answered())

    def state(self) -> dict[str, Any]:
        """The account, as JSON. Time that passes until it is restored is not counted: days leave later, not sooner."""
        return {
            "days": [list(day) for day in self._days],
            "balance": self._balance,
            "pace": self._pace,
            "known": self._known,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self._days = deque(([float(t), int(a), int(b)] for t, a, b in state["days"]), maxlen=WINDOW_DAYS)
        self._balance, self._pace = float(state["balance"]), float(state["pace"])
        self._known = float(state["known"])
        self._last = None
