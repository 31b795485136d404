"""Moments as files and people write them, read so that doubt goes against the call."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo

US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
LAST_MOMENT = time(23, 59, 59, 999999)


class BadMoment(ValueError):
    """The text is no date and no time; the message says how to write one."""


def read_moment(text: str, zone: tzinfo, *, end_of_day: bool = False) -> datetime:
    """``2026-03-01``, ``3/1/2026`` or ``2026-03-01T14:05`` (with or without an offset) as an aware moment.

    What has no offset is read on the clock of ``zone``. A day without a time is its first moment, or its last with
    ``end_of_day``: a consent counts from the start of its day, a revocation ends all that was given on its day.
    Raises ``BadMoment``.
    """
    text = text.strip()
    day = _whole_day(text)
    if day is not None:
        return datetime.combine(day, LAST_MOMENT if end_of_day else time(), zone)
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except ValueError:
        raise _bad(text) from None


def read_day(text: str) -> date:
    """A day as ``2026-03-01``, ``20260301`` or ``3/1/2026``. Raises ``BadMoment``."""
    day = _whole_day(text.strip())
    if day is None:
        raise _bad(text)
    return day


def _whole_day(text: str) -> date | None:
    try:
        if found := US_DATE.fullmatch(text):
            month, day, year = map(int, found.groups())
            return date(year, month, day)
        if found := COMPACT_DATE.fullmatch(text):
            return date(*map(int, found.groups()))
        return date.fromisoformat(text) if len(text) == len("2026-03-01") else None
    except ValueError:
        raise _bad(text) from None


def _bad(text: str) -> BadMoment:
    return BadMoment(f"“{text[:40]}” is no date. Write it as 2026-03-01 or 2026-03-01T14:05.")
