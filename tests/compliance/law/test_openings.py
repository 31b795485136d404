"""Daily windows are exact on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.law.openings import DailyWindow, all_allow, next_allowed

pytestmark = pytest.mark.unit

DAY = DailyWindow(time(8), time(21))
NEW_YORK, LOS_ANGELES = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/St_Johns",
    "Pacific/Honolulu",
    "Pacific/Guam",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
]


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # 8:00 in Los Angeles is the later of the two openings.
        (utc(2026, 11, 20, 12), utc(2026, 11, 20, 16)),
        # 21:00 in New York closes it for the day.
        (utc(2026, 11, 21, 2), utc(2026, 11, 21, 16)),
        # Open now.
        (utc(2026, 11, 20, 18, 30), utc(2026, 11, 20, 18, 30)),
        # The night in which clocks go forward: the opening comes an hour sooner.
        (utc(2026, 3, 8, 3), utc(2026, 3, 8, 15)),
        # And the night in which they go back.
        (utc(2026, 11, 1, 3), utc(2026, 11, 1, 16)),
    ],
)
def test_coast_to_coast_opens_when_the_west_does(now, expected):
    assert next_allowed(now, [(NEW_YORK, DAY), (LOS_ANGELES, DAY)]) == expected


def test_a_time_that_the_clock_skips_opens_when_the_clock_jumps():
    skipped = DailyWindow(time(2, 30), time(2, 45))
    wider = DailyWindow(time(2, 30), time(5))
    before = utc(2026, 3, 8, 6, 50)
    assert next_allowed(before, [(NEW_YORK, wider)]) == utc(2026, 3, 8, 7)
    assert next_allowed(before, [(NEW_YORK, skipped)]) == utc(2026, 3, 9, 6, 30)


def test_an_hour_that_is_read_twice_is_open_twice():
    window = DailyWindow(time(1), time(1, 30))
    assert next_allowed(utc(2026, 11, 1, 5, 40), [(NEW_YORK, window)]) == utc(2026, 11, 1, 6)


def test_hours_past_midnight_belong_to_the_day_they_opened_on():
    friday_night = DailyWindow(time(22), time(6), "5")
    saturday_early = utc(2026, 11, 21, 8)
    assert all_allow(saturday_early, [(NEW_YORK, friday_night)])
    assert not all_allow(saturday_early + timedelta(days=1), [(NEW_YORK, friday_night)])


def test_windows_that_never_meet_have_no_next_moment():
    early, late = DailyWindow(time(8), time(9)), DailyWindow(time(20), time(21))
    assert next_allowed(utc(2026, 11, 20), [(NEW_YORK, early), (NEW_YORK, late)]) is None
    assert next_allowed(utc(2026, 11, 20), [(NEW_YORK, DailyWindow(time(8), time(9), ""))]) is None


windows = st.builds(
    DailyWindow,
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(["1234567", "12345", "6", "17"]),
)
places = st.lists(st.tuples(st.sampled_from(ZONES).map(ZoneInfo), windows), min_size=1, max_size=3)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(lambda t: t.replace(tzinfo=UTC))
near_changes = st.sampled_from(
    [utc(2026, 3, 8, 7), utc(2026, 11, 1, 6), utc(2028, 2, 29), utc(2026, 10, 25, 1), utc(2026, 4, 4, 15)]
).flatmap(lambda t: st.integers(-2000, 2000).map(lambda m: t + timedelta(minutes=m)))


@settings(max_examples=60, deadline=None)
@given(now=moments | near_changes, places=places)
def test_the_next_moment_is_the_first_minute_at_which_all_clocks_allow(now, places):
    """Restated without any cleverness: walk minute by minute and look at the clocks."""
    now = now.replace(second=0, microsecond=0)
    found = next_allowed(now, places)
    walked = next(
        (
            now + timedelta(minutes=ahead)
            for ahead in range(2 * 24 * 60)
            if all(
                window.allows((now + timedelta(minutes=ahead)).astimezone(zone)) for zone, window in places
            )
        ),
        None,
    )
    if walked is not None:
        assert found == walked
    else:
        assert found is None or found >= now + timedelta(days=2)
