"""Lengths of time that rules of law count in: a number of hours or days that rolls, or the calendar month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_H = 24
WRITTEN = re.compile(r"([1-9]\d{0,3}) (h|days?)")
MONTH = "calendar month"
LONGEST_MONTH_H = 31 * DAY_H + 1
"""31 days, and the hour that a month gains when clocks are put back."""
LONGEST_H = 366 * DAY_H


@dataclass(frozen=True, slots=True)
class Span:
    """``hours`` that roll (a day is 24 hours also when clocks change); 0: the calendar month."""

    hours: int

    def since(self, now: datetime, zone: ZoneInfo) -> datetime:
        """What happened after this moment counts at ``now``, UTC. ``zone``: on whose clock a month begins."""
        if self.hours:
            return now - timedelta(hours=self.hours)
        local = now.astimezone(zone)
        first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
        return first.astimezone(UTC) - timedelta(microseconds=1)

    def until(self, at: datetime, zone: ZoneInfo) -> datetime:
        """From this moment on what happened at ``at`` counts no more, UTC."""
        if self.hours:
            return at + timedelta(hours=self.hours)
        local = at.astimezone(zone)
        year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
        return datetime(year, month, 1, tzinfo=zone).astimezone(UTC)

    def earliest(self, now: datetime) -> datetime:
        """Before this moment nothing counts at ``now``, whatever the zone."""
        return now - timedelta(hours=self.hours or LONGEST_MONTH_H)

    def is_no_shorter_than(self, other: Span) -> bool:
        """Whether whatever counts in ``other`` counts in this one too."""
        if self.hours == 0 or other.hours == 0:
            return self == other or self.hours >= LONGEST_MONTH_H
        return self.hours >= other.hours

    def __str__(self) -> str:
        if self.hours == 0:
            return MONTH
        return (
            f"{self.hours // DAY_H} days"
            if self.hours % DAY_H == 0 and self.hours > DAY_H
            else f"{self.hours} h"
        )


@lru_cache(maxsize=256)
def parse_span(text: str) -> Span:
    """``24 h``, ``7 days`` or ``calendar month``. Raises ``ValueError`` in words."""
    if text == MONTH:
        return Span(0)
    found = WRITTEN.fullmatch(text)
    hours = int(found[1]) * (1 if found[2] == "h" else DAY_H) if found else 0
    if not 0 < hours <= LONGEST_H:
        raise ValueError(
            f"Write a length of time as 24 h, 7 days or {MONTH}, at most 366 days, not {text!r}."
        )
    return Span(hours)
