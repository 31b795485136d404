"""What the answers of the Reassigned Numbers Database are worth for a consent (47 CFR 64.1200(m)).

The database is asked "was this number permanently disconnected on or after DATE?". An answer "no" for a date on or
before the day of the consent shows that the number is still its giver's. Yes, no data, no answer or an old one show
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..choices import RndAnswer
from .facts import Answer

MAX_AGE = timedelta(days=31)
"""The database grows each month by what carriers report; an older answer has not seen the latest."""

EASTERN = ZoneInfo("America/New_York")


def day_of(given_at: datetime) -> date:
    """The day of a consent as the database is asked about it: on the clock of the country's east."""
    return given_at.astimezone(EASTERN).date()


def why_not(answers: Sequence[Answer], given_on: date, now: datetime) -> str:
    """Why the answers do not carry a consent of that day, in words; empty where they do.

    Among answers for dates up to that day the newest decides. A "yes" for a later date that is no older says that the
    number was disconnected since, so it forbids whatever was asked before.
    """
    relevant = [answer for answer in answers if answer.asked <= given_on]
    if not relevant:
        return f"The database was not asked about {given_on:%Y-%m-%d} or an earlier day."
    newest = max(relevant, key=lambda answer: (answer.answered_at, answer.asked, answer.id))
    if newest.answer != RndAnswer.NO:
        return f"It was answered “{RndAnswer(newest.answer).label}” for {newest.asked:%Y-%m-%d}."
    if now - newest.answered_at > MAX_AGE:
        return f"Its answer of {newest.answered_at:%Y-%m-%d} is older than {MAX_AGE.days} days."
    for answer in answers:
        if (
            answer.answer == RndAnswer.YES
            and answer.answered_at >= newest.answered_at
            and answer not in relevant
        ):
            return f"It was answered “{RndAnswer.YES.label}” for {answer.asked:%Y-%m-%d}."
    return ""
