"""What follows from an answer, by the schedule of Standard Webhooks."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from integrations.retries import SCHEDULE_S, Answer, Verdict, decide, retry_after_seconds

from .conftest import NOW

pytestmark = pytest.mark.unit


def answered(status: int | None, retry_after: str = "") -> Answer:
    return Answer(status, "", 10, retry_after)


def no_jitter() -> float:
    return 0.0


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_taken_as_delivered(status):
    assert decide(answered(status), 1, NOW, no_jitter).verdict is Verdict.DELIVERED


@pytest.mark.parametrize("status", [None, 100, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
def test_anything_else_is_tried_again(status):
    assert decide(answered(status), 1, NOW, no_jitter).verdict is Verdict.RETRY


def test_the_waits_between_ten_tries_are_those_of_the_schedule():
    waits = [decide(answered(500), tried, NOW, no_jitter).retry_at - NOW for tried in range(1, 10)]
    hours = [timedelta(hours=h) for h in (2, 5, 10, 14, 20, 24)]
    assert waits == [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), *hours]


def test_the_tenth_failure_is_the_last():
    assert len(SCHEDULE_S) == 10
    assert decide(answered(500), 10, NOW, no_jitter).verdict is Verdict.GIVEN_UP


def test_jitter_makes_a_wait_up_to_a_tenth_longer():
    wait = decide(answered(500), 2, NOW, lambda: 0.5).retry_at - NOW
    assert wait == timedelta(seconds=315)


def test_410_ends_it_at_the_first_try():
    assert decide(answered(410), 1, NOW, no_jitter).verdict is Verdict.GONE


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_makes_the_wait_longer_and_rests_the_whole_webhook(status):
    decision = decide(answered(status, "120"), 1, NOW, no_jitter)
    assert decision.retry_at == decision.quiet_until == NOW + timedelta(seconds=120)


def test_retry_after_never_makes_the_wait_shorter():
    decision = decide(answered(503, "1"), 2, NOW, no_jitter)
    assert decision.retry_at == NOW + timedelta(minutes=5)
    assert decision.quiet_until == NOW + timedelta(seconds=1)


def test_retry_after_counts_with_429_and_503_only():
    assert decide(answered(500, "3600"), 1, NOW, no_jitter).retry_at == NOW + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("90", 90.0),
        (format_datetime(NOW + timedelta(minutes=2), usegmt=True), 120.0),
        (format_datetime(NOW - timedelta(minutes=2), usegmt=True), 0.0),
        ("9" * 400, 24 * 3600.0),
        ("", 0.0),
        ("-5", 0.0),
        ("soon", 0.0),
        ("٣", 0.0),
        ("Fri, 20 Nov 2026 15:02:00", 0.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header, seconds):
    assert retry_after_seconds(header, NOW) == seconds
