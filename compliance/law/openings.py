"""Windows on a wall clock, and the next moment when several of them are open at once.

Exact on the days when clocks change: a window is open whenever the wall clock reads a time inside it, also
the second time an hour is read, and a time that a clock skips opens when the clock jumps over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

HORIZON_DAYS = 16
"""Longer than any run of Sundays and holidays: a window that opens at all opens within it."""
SOON_DAYS = 2
"""Looked at first, since nearly every window opens again within a day."""
ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)


class Window(Protocol):
    """When something is allowed, by a wall clock."""

    def allows(self, local: datetime) -> bool:
        """Whether it is open when the wall clock reads ``local``."""

    def opens_at(self, day: date) -> Sequence[time]:
        """The times of that day at which it may open."""


@dataclass(frozen=True, slots=True)
class DailyWindow:
    """Open from ``opens`` up to, not including, ``closes``; past midnight where ``closes`` is not later.

    ``weekdays`` are those on which it opens, digits, 1 is Monday.
    """

    opens: time
    closes: time
    weekdays: str = "1234567"

    def allows(self, local: datetime) -> bool:
        """Whether it is open when the wall clock reads ``local``."""
        clock, day = local.time(), local.isoweekday()
        if self.opens < self.closes:
            return self.opens <= clock < self.closes and str(day) in self.weekdays
        if clock >= self.opens:
            return str(day) in self.weekdays
        return clock < self.closes and str((day - 2) % 7 + 1) in self.weekdays

    def opens_at(self, day: date) -> Sequence[time]:
        """Its opening, on every day: ``allows`` knows the weekdays."""
        return (self.opens,)


Place = tuple[ZoneInfo, Window]


def all_allow(now: datetime, places: Sequence[Place]) -> bool:
    """Whether every window is open on the clock of its zone."""
    return all(window.allows(now.astimezone(zone)) for zone, window in places)


def next_allowed(now: datetime, places: Sequence[Place]) -> datetime | None:
    """The first moment at or after ``now`` when all are open at once, UTC; None: not within sixteen days."""
    if all_allow(now, places):
        return now
    soon = _first(now, places, SOON_DAYS)
    if soon is not None and soon <= now + ONE_DAY:
        return soon
    return _first(now, places, HORIZON_DAYS)


def _first(now: datetime, places: Sequence[Place], days: int) -> datetime | None:
    edges = {edge for zone, window in places for edge in _edges(now, zone, window, days) if edge > now}
    return next((edge for edge in sorted(edges) if all_allow(edge, places)), None)


def _edges(now: datetime, zone: ZoneInfo, window: Window, days: int) -> Iterator[datetime]:
    """When the window may become open: at its openings on each day, and at each change of the clock."""
    first = now.astimezone(zone).date() - ONE_DAY
    for ahead in range(days + 1):
        day = first + ahead * ONE_DAY
        for opens in window.opens_at(day):
            for fold in (0, 1):
                yield datetime.combine(day, opens.replace(fold=fold), zone).astimezone(UTC)
        changed = _clock_change(day, zone)
        if changed is not None:
            yield changed


@lru_cache(maxsize=4096)
def _clock_change(day: date, zone: ZoneInfo) -> datetime | None:
    """The moment on that day at which the zone's clock is put forward or back, to the second."""
    before = datetime.combine(day, time(), zone).astimezone(UTC)
    after = datetime.combine(day + ONE_DAY, time(), zone).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    if after.astimezone(zone).utcoffset() == offset:
        return None
    while after - before > ONE_SECOND:
        middle = before + timedelta(seconds=(after - before) // ONE_SECOND // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
