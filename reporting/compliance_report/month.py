"""A calendar month on an organisation's clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
WRITTEN = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class NoMonth(ValueError):
    """What was given is no month; the text says how to write one."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """``number`` counts from 1."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> Month:
        """``2026-11``. Raises ``NoMonth``."""
        found = WRITTEN.fullmatch(text.strip())
        if found is None:
            raise NoMonth("Write the month as 2026-11.")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def before(cls, day: date) -> Month:
        """The last whole month before that day's."""
        last = day.replace(day=1) - timedelta(days=1)
        return cls(last.year, last.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def following(self) -> Month:
        """The month after it."""
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)

    def days(self) -> list[date]:
        """Its days, in order."""
        count = (self.following.first - self.first).days
        return [self.first + timedelta(days=index) for index in range(count)]

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its beginning, and that of the next month, which is not included; UTC."""
        return midnight(self.first, zone), midnight(self.following.first, zone)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def words(self) -> str:
        """``November 2026``."""
        return f"{self.first:%B %Y}"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there, UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def hour_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """The beginning, UTC, of the hour that the moment lies in, hours being counted from the day's midnight."""
    begin = midnight(moment.astimezone(zone).date(), zone)
    return begin + (moment - begin) // HOUR * HOUR
