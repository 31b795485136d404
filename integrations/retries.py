"""What follows from a receiver's answer: delivered, tried again later, or given up.

The schedule is that of Standard Webhooks' operational advice: ten tries over about three days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

MINUTE_S, HOUR_S = 60.0, 3600.0
SCHEDULE_S = (
    0.0,
    5.0,
    5 * MINUTE_S,
    30 * MINUTE_S,
    2 * HOUR_S,
    5 * HOUR_S,
    10 * HOUR_S,
    14 * HOUR_S,
    20 * HOUR_S,
    24 * HOUR_S,
)
"""Before try n: seconds after try n - 1."""
JITTER = 0.1
"""A wait is up to this share longer, so that what failed together is not tried together."""
RETRY_AFTER_MAX_S = 24 * HOUR_S
GONE = 410
SLOW_DOWN = frozenset({429, 503})


class Verdict(StrEnum):
    """What becomes of a delivery after a try."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GIVEN_UP = "given_up"
    GONE = "gone"


@dataclass(frozen=True)
class Answer:
    """What came of one try. ``status`` None: nothing came back, and ``error`` says why."""

    status: int | None
    error: str
    duration_ms: int
    retry_after: str = ""
    """The Retry-After header as received."""


@dataclass(frozen=True)
class Decision:
    """The verdict, when the delivery is due again, and until when the receiver wants no other one."""

    verdict: Verdict
    retry_at: datetime | None = None
    quiet_until: datetime | None = None


def decide(answer: Answer, attempts: int, now: datetime, random: Callable[[], float]) -> Decision:
    """Judge the answer to try number ``attempts``. ``random`` gives a number in [0, 1) for the jitter."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Decision(Verdict.DELIVERED)
    if answer.status == GONE:
        return Decision(Verdict.GONE)
    if attempts >= len(SCHEDULE_S):
        return Decision(Verdict.GIVEN_UP)
    wait_s = SCHEDULE_S[attempts] * (1 + JITTER * random())
    quiet_until = None
    if answer.status in SLOW_DOWN and (asked_s := retry_after_seconds(answer.retry_after, now)):
        wait_s = max(wait_s, asked_s)
        quiet_until = now + timedelta(seconds=asked_s)
    return Decision(Verdict.RETRY, now + timedelta(seconds=wait_s), quiet_until)


def retry_after_seconds(header: str, now: datetime) -> float:
    """Retry-After (RFC 9110, 10.2.3: seconds or a date) in seconds, at most a day; 0: it says nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), RETRY_AFTER_MAX_S)
    try:
        asked = (parsedate_to_datetime(text) - now).total_seconds()
    except (TypeError, ValueError):
        return 0.0
    return min(max(asked, 0.0), RETRY_AFTER_MAX_S)
