"""At which hours the law allows a call in a place: dated, cited rows, and what follows from them for a day.

Every row that is in force where the called party may be, for the call's purpose, must allow the call. A place of
which no row speaks is closed: its law is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from ..choices import Message, Purpose
from . import holidays, places, zones
from .loading import BadLawData, Row, Table, load
from .openings import Place as Opening
from .openings import next_allowed
from .overrides import NONE, Overrides
from .places import Place, name_of

FILE = "windows.yaml"
HOUR_MIN = 60
CACHED_DAYS = 65_536
CACHED_NEXT = 8192
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Clock = Annotated[str, Meta(pattern=r"^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$")]
"""``08:00``; ``24:00`` is the end of the day."""
Weekdays = Annotated[str, Meta(pattern=r"^1?2?3?4?5?6?7?$")]
"""Digits, 1 is Monday."""


class Hours(Row, frozen=True):
    """One rule about the hours of a day, on the called party's clock."""

    opens: Clock
    closes: Clock
    on: Weekdays = "1234567"
    """The days that it speaks of; on others it says nothing."""
    weekdays: Weekdays = "1234567"
    """Of those, the days on which calls are allowed at all."""
    holidays: tuple[str, ...] = ()
    """Calendars on whose holidays calls are forbidden."""
    messages: tuple[Message, ...] = (Message.LIVE, Message.RECORDED)
    """What the called person hears, as far as the rule distinguishes."""

    def hours_on(self, day: date) -> Span:
        """From when to when it allows calls on a day that it speaks of."""
        if str(day.isoweekday()) not in self.weekdays or holidays.on(day, self.holidays):
            return CLOSED
        return Span(minutes(self.opens), minutes(self.closes))

    def in_words(self, day: date) -> str:
        """What it says of that day, with the law it stands in."""
        return f"{self._rule(day)} ({self.citation})"

    def _rule(self, day: date) -> str:
        if str(day.isoweekday()) not in self.weekdays:
            return f"calls are not allowed on a {DAY_NAMES[day.weekday()]}"
        if holiday := holidays.on(day, self.holidays):
            return f"calls are not allowed on {holiday.name}"
        return f"calls are allowed from {self.opens} to {self.closes}"


class Span(NamedTuple):
    """Minutes of a day, from ``opens`` up to, not including, ``closes``; empty: closed all day."""

    opens: int
    closes: int

    def allows(self, minute: int) -> bool:
        """Whether that minute of the day lies within."""
        return self.opens <= minute < self.closes


CLOSED = Span(0, 0)


class Kind(NamedTuple):
    """What rules distinguish calls by."""

    purpose: Purpose = Purpose.SALES
    message: Message = Message.LIVE


SALES = Kind()
"""What is not said is the strictest."""


@dataclass(frozen=True, slots=True)
class LawfulHours:
    """When calls of a kind are allowed in one state, as its wall clocks show it."""

    state: str
    kind: Kind
    overrides: Overrides = NONE

    def allows(self, local: datetime) -> bool:
        """Whether a call is allowed when the clock reads ``local``."""
        return span_on(self.state, self.kind, local.date(), self.overrides).allows(minute_of(local))

    def opens_at(self, day: date) -> Sequence[time]:
        """The one opening of that day, if it has one."""
        span = span_on(self.state, self.kind, day, self.overrides)
        return () if span == CLOSED else (time(*divmod(span.opens, HOUR_MIN)),)


class Closed(NamedTuple):
    """Why a call is not allowed in a place: the clock that was read, and the rule; None: no rule is known."""

    state: str
    zone: ZoneInfo
    local: datetime
    rule: Hours | None

    def __str__(self) -> str:
        if self.rule is None:
            return f"No calling hours are known for {name_of(self.state)}, so it is not called."
        return (
            f"In {name_of(self.state)} it is {self.local:%A %H:%M} ({self.zone.key}): "
            f"{self.rule.in_words(self.local.date())}."
        )


def closed_by(place: Place, kind: Kind, now: datetime, overrides: Overrides = NONE) -> Closed | None:
    """The first state and clock of a place whose law forbids the call now; None: it is allowed in each."""
    for zone in place.zones:
        local = now.astimezone(zone)
        day, minute = local.date(), minute_of(local)
        for state in place.states:
            if not span_on(state, kind, day, overrides).allows(minute):
                return Closed(state, zone, local, _forbidding(state, kind, local, overrides))
    return None


def opens_next(place: Place, kind: Kind, now: datetime, overrides: Overrides = NONE) -> datetime | None:
    """The first moment, UTC, at which the call is allowed in every state by every clock; None: none is in sight.

    Windows open and close on whole minutes, so all moments of a closed minute have one answer.
    """
    return _opens_next(place, kind, now.replace(second=0, microsecond=0), overrides)


@lru_cache(maxsize=CACHED_NEXT)
def _opens_next(place: Place, kind: Kind, minute: datetime, overrides: Overrides) -> datetime | None:
    openings: list[Opening] = [
        (zone, LawfulHours(state, kind, overrides)) for zone in place.zones for state in place.states
    ]
    return next_allowed(minute, openings)


@lru_cache(maxsize=CACHED_DAYS)
def span_on(state: str, kind: Kind, day: date, overrides: Overrides = NONE) -> Span:
    """The minutes of a local day in which every rule allows a call; closed where none is known."""
    spans = [rule.hours_on(day) for rule in rules_for(state, kind, day, overrides)]
    opens = max((span.opens for span in spans), default=0)
    closes = min((span.closes for span in spans), default=0)
    return Span(opens, closes) if opens < closes else CLOSED


def rules_for(state: str, kind: Kind, day: date, overrides: Overrides = NONE) -> tuple[Hours, ...]:
    """The rules that speak of that day there, with what the organisation has changed."""
    weekday = str(day.isoweekday())
    return tuple(
        changed(row, overrides) for row in _rows_of(state, kind) if row.holds_on(day) and weekday in row.on
    )


def changed(row: Hours, overrides: Overrides) -> Hours:
    """The rule as an organisation has it."""
    values = overrides.of(row.id)
    return msgspec.convert(msgspec.to_builtins(row) | values, Hours) if values else row


def _forbidding(state: str, kind: Kind, local: datetime, overrides: Overrides) -> Hours | None:
    rules = rules_for(state, kind, local.date(), overrides)
    minute = minute_of(local)
    return next((rule for rule in rules if not rule.hours_on(local.date()).allows(minute)), None)


@lru_cache(maxsize=4096)
def _rows_of(state: str, kind: Kind) -> tuple[Hours, ...]:
    return tuple(
        row
        for row in table().rows
        if row.covers(state) and kind.purpose in row.applies_to and kind.message in row.messages
    )


@cache
def table() -> Table[Hours]:
    """The rules. Raises ``BadLawData``."""
    found = load(FILE, Hours)
    for row in found.rows:
        if minutes(row.opens) >= minutes(row.closes):
            raise BadLawData(f"{FILE}, entry {row.id}: closes must be after opens.")
    return found


@cache
def version() -> str:
    """Of all data that a window follows from: the newest file's, so that a change of any gives a new one."""
    return max(each.version for each in (table(), holidays.table(), places.table(), zones.table()))


def minutes(clock: str) -> int:
    """``08:30`` as the minute of the day."""
    hour, minute = clock.split(":")
    return int(hour) * HOUR_MIN + int(minute)


def minute_of(local: datetime) -> int:
    """The minute of the day that the clock shows."""
    return local.hour * HOUR_MIN + local.minute
