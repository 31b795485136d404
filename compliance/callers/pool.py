"""The caller IDs of an organisation as they stand today: read for every batch, for limits must hold at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..statements import Statement, among, moment
from ..values import CallerIdOffer

ZONE = Statement("SELECT time_zone FROM accounts_organisation WHERE id = %s")
ALL = """SELECT c.id, c.number, c.display_name, c.attestation, c.daily_limit, c.rests_until, d.dials
    FROM compliance_callerid c
    LEFT JOIN compliance_callerday d ON d.caller_id_id = c.id AND d.day = %s
    WHERE c.organisation_id = %s AND c.active"""
NUMBERS, SOME_NUMBERS = Statement(ALL), Statement(f"{ALL} AND c.number AMONG(%s)")
UTC_ZONE = "UTC"
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class PoolNumber:
    """One caller ID that is switched on."""

    id: int
    number: str
    display_name: str
    attestation: str
    daily_limit: int
    """0: no limit."""
    rests_until: datetime | None
    dials: int
    """Today, those granted in this batch included."""
    _offer: CallerIdOffer | None = None

    @property
    def is_used_up(self) -> bool:
        """Whether it has been shown as often as it may today."""
        return 0 < self.daily_limit <= self.dials

    def rests(self, now: datetime) -> bool:
        """Whether it rests; at the very moment its rest ends it does not."""
        return self.rests_until is not None and now < self.rests_until

    def offer(self) -> CallerIdOffer:
        """What a call shows of it; made once, for a batch shows the same number often."""
        if self._offer is None:
            self._offer = CallerIdOffer(self.number, self.display_name, self.attestation)
        return self._offer

    def use_today(self) -> str:
        """``12 of 100 today``."""
        limit = f" of {self.daily_limit}" if self.daily_limit else ""
        return f"{self.dials}{limit} today"


@dataclass(slots=True)
class Pool:
    """The caller IDs of one organisation that are switched on, as far as they were read, by number."""

    organisation: int
    day: date
    """Today on the organisation's calendar."""
    ends_at: datetime
    """When that day ends, UTC: limits begin anew."""
    numbers: dict[str, PoolNumber] = field(default_factory=dict)
    _asked: frozenset[str] | None = frozenset()
    """What was asked for; None: all."""

    def need(self, numbers: Collection[str]) -> None:
        """Read these; all of the pool where others were read before, so that a batch costs two reads at most."""
        if self._asked is None or self._asked.issuperset(numbers):
            return
        if self._asked:
            self.need_all()
        else:
            self._asked = frozenset(numbers)
            self._keep(SOME_NUMBERS.rows(self.day.isoformat(), self.organisation, among(numbers)))

    def need_all(self) -> None:
        """Read what was not read yet; what was counted in this batch stays."""
        if self._asked is not None:
            self._asked = None
            self._keep(NUMBERS.rows(self.day.isoformat(), self.organisation))

    def _keep(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for id_, number, name, attestation, limit, rests, dials in rows:
            if number not in self.numbers:
                until = moment(rests) if rests is not None else None
                self.numbers[number] = PoolNumber(id_, number, name, attestation, limit, until, dials or 0)


def open_pool(organisation: int, now: datetime) -> Pool:
    """The organisation's pool, of which nothing is read yet; one small query."""
    rows = ZONE.rows(organisation)
    return Pool(organisation, *day_at(now, rows[0][0] if rows else UTC_ZONE))


def day_at(now: datetime, zone_name: str) -> tuple[date, datetime]:
    """The day that ``now`` belongs to on the clock of that zone, and the moment (UTC) at which it ends."""
    zone = ZoneInfo(zone_name)
    day = now.astimezone(zone).date()
    return day, datetime.combine(day + ONE_DAY, time(), zone).astimezone(UTC)
