"""Legal holidays, computed for any year from the rules in ``holidays.yaml``."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Annotated, Literal

from msgspec import Meta

from .loading import BadLawData, Dated, Table, load

FILE = "holidays.yaml"
SATURDAY, SUNDAY = 6, 7
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)
LONGEST_EASTER_SHIFT = 100
COMMON_YEAR = 2023
SHAPES = frozenset(
    {(True, True, False, False, False), (True, False, True, True, False), (False, False, False, False, True)}
)
"""Which of month, day, weekday, nth and easter are given together."""

Month = Annotated[int, Meta(ge=1, le=12)]
Day = Annotated[int, Meta(ge=1, le=31)]
Weekday = Annotated[int, Meta(ge=1, le=7)]
Nth = Literal[1, 2, 3, 4, -1]
Shift = Annotated[int, Meta(ge=-LONGEST_EASTER_SHIFT, le=LONGEST_EASTER_SHIFT)]


class Holiday(Dated, frozen=True):
    """A day of each year: by date, by weekday of a month, or by Easter. ``where`` are the calendars it is in."""

    name: str
    month: Month | None = None
    day: Day | None = None
    weekday: Weekday | None = None
    nth: Nth | None = None
    easter: Shift | None = None
    plus_days: Shift = 0
    observed: Literal["", "nearest"] = ""
    """``nearest``: kept on the Friday before besides, or the Monday after, where it falls on a weekend."""
    years: Literal["all", "even"] = "all"

    def days(self, year: int) -> Iterator[date]:
        """The day of that year, and the day on which it is observed instead."""
        if self.years == "even" and year % 2:
            return
        day = self._date(year) + timedelta(days=self.plus_days)
        yield day
        if self.observed and day.isoweekday() in (SATURDAY, SUNDAY):
            yield day - ONE_DAY if day.isoweekday() == SATURDAY else day + ONE_DAY

    def _date(self, year: int) -> date:
        if self.easter is not None:
            return easter(year) + timedelta(days=self.easter)
        if self.day is not None:
            return date(year, self.month or 0, self.day)
        return nth_weekday(year, self.month or 0, self.weekday or 0, self.nth or 0)

    def is_whole(self) -> bool:
        """Whether exactly one way of finding the day is given, and a date exists in every year."""
        given = (self.month, self.day, self.weekday, self.nth, self.easter)
        if tuple(value is not None for value in given) not in SHAPES:
            return False
        return self.day is None or self.day <= monthrange(COMMON_YEAR, self.month or 0)[1]


@cache
def table() -> Table[Holiday]:
    """The rules. Raises ``BadLawData``."""
    found = load(FILE, Holiday)
    for row in found.rows:
        if not row.is_whole():
            raise BadLawData(
                f"{FILE}, entry {row.id}: give month and day, or month, weekday and nth, or easter, "
                "and no 29 February."
            )
    return found


def on(day: date, calendars: tuple[str, ...]) -> Holiday | None:
    """The holiday that some of these calendars (``US-LA``; ``US`` is in each of its states') keep on that day."""
    if not calendars:
        return None
    kept = _by_day(day.year).get(day, ())
    return next((each for each in kept if any(each.covers(calendar) for calendar in calendars)), None)


@lru_cache(maxsize=64)
def _by_day(year: int) -> Mapping[date, list[Holiday]]:
    """The neighbours' rules too: New Year's Day on a Saturday is observed in the old year."""
    found: dict[date, list[Holiday]] = defaultdict(list)
    for row in table().rows:
        for near in (year - 1, year, year + 1):
            for day in row.days(near):
                if day.year == year and row.holds_on(day):
                    found[day].append(row)
    return found


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The first to fourth (1 to 4) or last (-1) such weekday (1 is Monday) of a month."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7) + (nth - 1) * ONE_WEEK
    last = date(year + month // 12, month % 12 + 1, 1) - ONE_DAY
    return last - timedelta(days=(last.isoweekday() - weekday) % 7)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's rule)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leaps, leap_rest = divmod(rest, 4)
    to_sunday = (32 + 2 * century_rest + 2 * leaps - epact - leap_rest) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
