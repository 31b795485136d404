"""How fast and how many: a trunk's channel and call-rate limits, and the rate that one child bears."""

from __future__ import annotations

from collections import deque


class RateLimit:
    """At most ``per_second`` starts in any second, or one in the seconds that make one; 0: no limit.

    The caller brings the clock, in seconds."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._starts: deque[float] = deque()

    def wait_s(self, now: float) -> float:
        """Seconds until the next start is allowed, 0 when it is now."""
        if self.per_second <= 0:
            return 0.0
        allowed = max(1, int(self.per_second))
        span = allowed / self.per_second
        while self._starts and self._starts[0] <= now - span:
            self._starts.popleft()
        if len(self._starts) < allowed:
            return 0.0
        return max(0.001, self._starts[len(self._starts) - allowed] + span - now)

    def start(self, now: float) -> None:
        """A start happens now."""
        if self.per_second > 0:
            self._starts.append(now)


class TrunkGauge:
    """One trunk's limits on this node."""

    def __init__(self) -> None:
        self.channel_limit = 0
        self.calls = 0
        self.rate = RateLimit(0.0)

    def set_limits(self, channel_limit: int, cps_limit: float) -> None:
        """Take over limits that may have changed."""
        self.channel_limit = channel_limit
        self.rate.per_second = cps_limit

    @property
    def is_full(self) -> bool:
        """Whether the trunk carries all the calls it may."""
        return 0 < self.channel_limit <= self.calls
