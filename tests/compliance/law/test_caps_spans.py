"""Lengths of time: what counts in them, when it no longer does, and which is longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.law.spans import Span, parse_span

pytestmark = pytest.mark.unit

NEW_YORK = ZoneInfo("America/New_York")
moments = st.datetimes(datetime(2025, 1, 1), datetime(2032, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
spans = st.sampled_from([Span(8), Span(24), Span(168), Span(720), Span(0)])
zones = st.sampled_from([NEW_YORK, ZoneInfo("Pacific/Apia"), ZoneInfo("Europe/London"), ZoneInfo("UTC")])


@pytest.mark.parametrize(
    ("text", "hours", "again"),
    [
        ("8 h", 8, "8 h"),
        ("24 h", 24, "24 h"),
        ("1 day", 24, "24 h"),
        ("7 days", 168, "7 days"),
        ("30 days", 720, "30 days"),
        ("36 h", 36, "36 h"),
        ("calendar month", 0, "calendar month"),
    ],
)
def test_a_span_is_written_as_people_write_it(text, hours, again):
    assert parse_span(text) == Span(hours)
    assert str(parse_span(text)) == again


@pytest.mark.parametrize("text", ["", "0 h", "h", "24", "-3 days", "400 days", "9999 h", "7  days", "month"])
def test_what_is_no_span_is_refused_in_words(text):
    with pytest.raises(ValueError, match="Write a length of time as 24 h, 7 days"):
        parse_span(text)


@given(at=moments, span=spans, zone=zones)
def test_what_happened_counts_until_its_moment_and_not_from_then_on(at, span, zone):
    freed = span.until(at, zone)
    assert span.since(freed - timedelta(microseconds=1), zone) < at
    assert span.since(freed, zone) >= at


@given(now=moments, span=spans, zone=zones)
def test_nothing_counts_that_was_not_read(now, span, zone):
    assert span.earliest(now) <= span.since(now, zone)


@given(now=moments, one=spans, other=spans, zone=zones)
def test_a_span_that_is_no_shorter_reaches_back_as_far(now, one, other, zone):
    if one.is_no_shorter_than(other):
        assert one.since(now, zone) <= other.since(now, zone)
