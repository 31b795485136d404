"""The abandonment account: what the limit allows of the people who answered, less what was spent."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from .last_hour import LastHour

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
WINDOW_S = 30 * DAY_S
"""16 CFR 310.4(b)(4)(i) measures over 30 days or the campaign, whichever is shorter."""
BUCKET_S = HOUR_S
"""Answers leave the window by the hour: it is never shorter than the law's, and up to an hour longer."""
MEMORY_S = 1200.0
"""Answers of about this time say how fast the account earns."""
IDLE_S = 60.0
"""A longer silence is a pause or a night: the pace of the work before it still tells more than nothing."""
LEAST_KNOWN = 0.1
"""The part of the memory that counts as filled when it begins to fill."""
MAX_SURPLUS = 4.0
"""In units of ``scale``: what is saved beyond is let go, so that a quiet morning is not spent in one bad hour."""
CARRIED = 1.5
"""Calls that earlier days may have saved for this one: with all that they save rooms of two had days of 3.5 %; with
none they save their reserve anew each morning, and agents are busy 1.5 points less."""
WindowStart = Callable[[float], float]
"""From now to the moment after which answers count, both on the clock of the events."""


def rolling(seconds: float) -> WindowStart:
    """The last ``seconds``."""
    return lambda now: now - seconds


LAST_30_DAYS = rolling(WINDOW_S)


class Bucket:
    """The people who answered within one hour."""

    def __init__(
        self, begins: float | None, last: float | None, answered: int = 0, abandoned: int = 0
    ) -> None:
        self.begins = begins
        """None: before anything was observed."""
        self.last = last
        """When the last of them was counted."""
        self.answered = answered
        self.abandoned = abandoned


class AbandonAccount:
    """Counts people who answered and those of them who were abandoned, within the window that the law looks at."""

    def __init__(
        self,
        limit: float,
        answered: int = 0,
        abandoned: int = 0,
        window_start: WindowStart = LAST_30_DAYS,
    ) -> None:
        self.limit = limit
        self._window_start = window_start
        self._buckets = deque([Bucket(None, None, answered, abandoned)])
        self._answered, self._abandoned = answered, abandoned
        self._day = self._buckets.copy()
        """Those of the buckets that are of the last day."""
        self._balance = min(0.0, limit * answered - abandoned)
        self._pace = 0.0
        self._known = LEAST_KNOWN
        self._last: float | None = None
        self.last_hour = LastHour()

    def answered(self, at: float) -> None:
        """A person answered: the account earns ``limit`` of a call."""
        self._pass_time(at)
        self._book(at, answered=1)
        self._pace += 1.0 / MEMORY_S
        self._balance = min(self._balance + self.limit, MAX_SURPLUS * self.scale())

    def not_a_person(self, at: float) -> None:
        """An answer that was counted came from a machine: what it earned is given back."""
        self._pass_time(at)
        self._book(at, answered=-1)
        self._balance -= self.limit

    def abandoned(self, at: float) -> None:
        """One of them met nobody: the account pays one."""
        self._pass_time(at)
        self._book(at, abandoned=1)
        self._balance -= 1.0

    def _book(self, at: float, answered: int = 0, abandoned: int = 0) -> None:
        self.last_hour.book(at, answered, abandoned)
        self._buckets[-1].answered += answered
        self._buckets[-1].abandoned += abandoned
        self._answered += answered
        self._abandoned += abandoned

    def _pass_time(self, at: float) -> None:
        elapsed = max(0.0, at - self._last) if self._last is not None else 0.0
        self._last = at
        fade = math.exp(-min(elapsed, IDLE_S) / MEMORY_S)
        self._pace *= fade
        self._known = 1.0 - (1.0 - self._known) * fade
        self._open_bucket(at, self._window_start(at))

    def _open_bucket(self, at: float, start: float) -> None:
        """What is wholly older than ``start`` leaves the account, and its debt is forgiven."""
        newest = self._buckets[-1]
        if newest.begins is None:
            newest.begins = at
        elif at >= newest.begins + BUCKET_S or newest.begins < start:
            self._buckets.append(Bucket(at, at))
            self._day.append(self._buckets[-1])
        self._buckets[-1].last = at
        while len(self._day) > 1 and (self._day[0].last or 0.0) <= max(start, at - DAY_S):
            self._day.popleft()
        while len(self._buckets) > 1 and (self._buckets[0].last or 0.0) <= start:
            gone = self._buckets.popleft()
            self._answered -= gone.answered
            self._abandoned -= gone.abandoned
            self._balance += max(0.0, gone.abandoned - self.limit * gone.answered)

    def scale(self) -> float:
        """Calls earned in ``MEMORY_S``, at least one: the size of a swing that means nothing."""
        return max(1.0, self.limit * self._pace / self._known * MEMORY_S)

    def balance(self) -> float:
        """Calls that may still be abandoned; below zero when the limit is passed.

        Where the law looks at more than a day, the last day alone may go ``CARRIED`` calls below.
        """
        balance = min(self._balance, self.limit * self._answered - self._abandoned)
        if len(self._day) == len(self._buckets):
            return balance
        saved_in_day = sum([self.limit * bucket.answered - bucket.abandoned for bucket in self._day])
        return min(balance, saved_in_day + CARRIED)

    def total_answered(self) -> int:
        """In the legal window."""
        return self._answered

    def total_abandoned(self) -> int:
        """In the legal window."""
        return self._abandoned

    def share(self) -> float:
        """Abandoned of answered in the legal window; 0 before the first answer."""
        return self._abandoned / max(1, self._answered)

    def state(self) -> dict[str, Any]:
        """The account, as JSON. Its times are those of the events: restore it on the same clock."""
        return {
            "buckets": [
                [bucket.begins, bucket.last, bucket.answered, bucket.abandoned] for bucket in self._buckets
            ],
            "balance": self._balance,
            "pace": self._pace,
            "known": self._known,
            "last": self._last,
            "last_hour": self.last_hour.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self._buckets = deque(Bucket(*kept) for kept in state["buckets"])
        self._answered = sum(bucket.answered for bucket in self._buckets)
        self._abandoned = sum(bucket.abandoned for bucket in self._buckets)
        self._balance, self._pace = float(state["balance"]), float(state["pace"])
        self._known, self._last = float(state["known"]), state["last"]
        day_began = (self._last or 0.0) - DAY_S
        self._day = deque(bucket for bucket in self._buckets if (bucket.last or 0.0) > day_began)
        self.last_hour = LastHour(state.get("last_hour", ()))
