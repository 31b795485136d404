"""Call rates and channel limits."""

from __future__ import annotations

import pytest

from dialer.lines.throttle import RateLimit, TrunkGauge

pytestmark = pytest.mark.unit


def starts_within(rate: RateLimit, seconds: float) -> list[float]:
    """Start whenever it is allowed; the times."""
    now, times = 0.0, []
    while now < seconds:
        wait_s = rate.wait_s(now)
        if wait_s:
            now += wait_s
        else:
            rate.start(now)
            times.append(now)
    return times


@pytest.mark.parametrize(("per_second", "expected"), [(1, 10), (2.5, 25), (20, 200), (0.5, 5)])
def test_a_rate_is_reached_and_not_passed(per_second: float, expected: int) -> None:
    times = starts_within(RateLimit(per_second), 9.999)
    assert expected - 1 <= len(times) <= expected + max(1, int(per_second))
    span = max(1, int(per_second)) / per_second
    busiest = max(sum(t <= other < t + span for other in times) for t in times)
    assert busiest <= max(1, int(per_second))


def test_no_limit_never_waits() -> None:
    rate = RateLimit(0)
    for _ in range(1000):
        rate.start(0.0)
    assert rate.wait_s(0.0) == 0


def test_a_trunk_is_full_at_its_channel_limit() -> None:
    gauge = TrunkGauge()
    gauge.calls = 5
    assert not gauge.is_full
    gauge.set_limits(5, 0)
    assert gauge.is_full
    gauge.calls = 4
    assert not gauge.is_full
