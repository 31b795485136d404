"""A campaign is held to the strictest abandonment limit that holds where it calls, over the right time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.choices import Purpose
from compliance.law.abandonment import CEILING, OWN, limit_for, window_start
from compliance.law.overrides import Overrides
from compliance.law.spans import Span

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)


def test_american_sales_are_held_to_3_percent_over_30_days_from_the_end_of_the_greeting():
    rule = limit_for(["US"], Purpose.SALES, TODAY)
    assert (rule.limit, rule.window, rule.clock_start, rule.answer_wait_s, rule.ring_s) == (
        *(0.03, Span(720), "greeting_end"),
        *(2.0, 15),
    )
    assert rule.citation == "16 CFR 310.4(b)(4); 47 CFR 64.1200(a)(7)"


def test_where_a_law_allows_more_the_own_ceiling_holds():
    rule = limit_for(["CA"], Purpose.SALES, TODAY)
    assert (rule.limit, rule.window, rule.clock_start) == (CEILING, Span(0), "answer")


def test_where_no_level_is_safe_the_own_ceiling_holds_over_a_day():
    rule = limit_for(["GB"], Purpose.SURVEY, TODAY)
    assert (rule.limit, rule.window, rule.clock_start) == (CEILING, Span(24), "greeting_start")


def test_where_no_law_names_a_share_the_own_ceiling_is_named():
    rule = limit_for(["US"], Purpose.INFORMATION, TODAY)
    assert (rule.limit, rule.window, rule.citation) == (CEILING, Span(720), OWN)


def test_of_several_countries_the_strictest_of_everything_holds():
    rule = limit_for(["US", "GB"], Purpose.SALES, TODAY)
    assert (rule.limit, rule.window, rule.clock_start) == (0.03, Span(24), "greeting_start")
    assert "Ofcom" in rule.citation
    assert "310.4" in rule.citation


def test_a_rule_is_switched_by_its_dates():
    before = limit_for(["US"], Purpose.SALES, date(2012, 11, 14))
    assert before.citation == "16 CFR 310.4(b)(4)"
    assert limit_for(["GB"], Purpose.SALES, date(2017, 2, 28)).citation == OWN


def test_an_organisation_may_be_stricter():
    changes = Overrides({"us-ftc-abandonment": {"limit": 0.01, "clock_start": "answer"}})
    rule = limit_for(["US"], Purpose.SALES, TODAY, changes)
    assert (rule.limit, rule.clock_start) == (0.01, "answer")


def test_thirty_days_roll():
    rule = limit_for(["US"], Purpose.SALES, TODAY)
    assert window_start(rule, NOON, "America/New_York") == NOON - timedelta(days=30)


@pytest.mark.parametrize(
    ("now", "zone", "first"),
    [
        (datetime(2026, 11, 1, 3, 59, tzinfo=UTC), "America/Toronto", datetime(2026, 10, 1, 4, tzinfo=UTC)),
        (datetime(2026, 11, 1, 4, 0, tzinfo=UTC), "America/Toronto", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        (datetime(2026, 11, 30, 20, tzinfo=UTC), "America/Toronto", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        (datetime(2028, 3, 1, 4, 59, tzinfo=UTC), "America/Toronto", datetime(2028, 2, 1, 5, tzinfo=UTC)),
        (datetime(2027, 1, 1, 8, 0, tzinfo=UTC), "America/Vancouver", datetime(2027, 1, 1, 8, tzinfo=UTC)),
    ],
    ids=["last minute of the month", "first minute", "clocks went back", "leap day", "new year"],
)
def test_a_calendar_month_begins_at_midnight_on_the_organisations_clock(now, zone, first):
    rule = limit_for(["CA"], Purpose.SALES, TODAY)
    start = window_start(rule, now, zone)
    assert start < first <= start + timedelta(microseconds=1)
