"""Over what time a room's pacer keeps its abandonment account: the law's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialer.engine.room.pacing import pacing_settings, window_start

from .rooms import CONFIG

pytestmark = pytest.mark.unit

NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("measured_over", "starts"),
    [
        ("30 days", datetime(2026, 4, 20, 15, 0, tzinfo=UTC)),
        ("24 h", datetime(2026, 5, 19, 15, 0, tzinfo=UTC)),
        ("calendar month", datetime(2026, 5, 1, 4, 0, tzinfo=UTC)),
    ],
)
def test_the_account_begins_where_the_law_begins_to_count(measured_over, starts):
    config = replace(CONFIG, measured_over=measured_over, time_zone="America/New_York")
    assert window_start(config)(NOW) == pytest.approx(starts.timestamp(), abs=0.001)


def test_another_window_makes_another_pacer():
    assert pacing_settings(replace(CONFIG, measured_over="24 h")) != pacing_settings(CONFIG)
