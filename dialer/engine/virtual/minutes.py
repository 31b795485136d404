"""How a number of things (agents, lines) moved over the shift."""

from __future__ import annotations

import math

MINUTE_S = 60.0


class Course:
    """A count over time, between ``starts_at`` and ``ends_at``; what lies outside is left out."""

    def __init__(self, starts_at: float, ends_at: float) -> None:
        self._starts_at, self._ends_at = starts_at, ends_at
        self.sums = [0.0] * math.ceil((ends_at - starts_at) / MINUTE_S)
        """Thing-seconds in each minute."""
        self._seconds: dict[int, float] = {}
        self._count, self._since = 0, starts_at
        self.most = 0

    def change(self, at: float, by: int) -> None:
        """The count changes; changes come in the order of their times."""
        self._pass_to(at)
        self._count += by
        if at < self._ends_at:
            self.most = max(self.most, self._count)

    def close(self) -> None:
        """The shift is over."""
        self._pass_to(self._ends_at)

    @property
    def total(self) -> float:
        """Thing-seconds in all."""
        return math.fsum(self.sums)

    @property
    def mean(self) -> float:
        """How many there were on average."""
        return self.total / (self._ends_at - self._starts_at)

    def percentile(self, share: float) -> int:
        """The least count that was not exceeded in this share of the time."""
        left = share * (self._ends_at - self._starts_at)
        for count in sorted(self._seconds):
            left -= self._seconds[count]
            if left <= 0.0:
                return count
        return self.most

    def _pass_to(self, at: float) -> None:
        until = min(at, self._ends_at)
        if until <= self._since:
            return
        self._seconds[self._count] = self._seconds.get(self._count, 0.0) + until - self._since
        self._spread(self._since - self._starts_at, until - self._starts_at)
        self._since = until

    def _spread(self, begin: float, end: float) -> None:
        minute = int(begin // MINUTE_S)
        while begin < end:
            edge = min(end, (minute + 1) * MINUTE_S)
            self.sums[minute] += self._count * (edge - begin)
            begin, minute = edge, minute + 1
