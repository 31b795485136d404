"""The caller IDs of an organisation as they stand today: read for every batch, for limits must hold at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from ..values import CallerIdOffer

ZONE = "SELECT time_zone FROM accounts_organisation WHERE id = %s"
NUMBERS = """SELECT c.id, c.number, c.display_name, c.attestation, c.daily_limit, c.rests_until, d.dials
    FROM compliance_callerid c
    LEFT JOIN compliance_callerday d ON d.caller_id_id = c.id AND d.day = %s
    WHERE c.organisation_id = %s AND c.active ORDER BY c.id"""
"""A constant statement: the ORM's own takes ten times as long for a pool of five."""
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


@dataclass(frozen=True, slots=True)
class Pool:
    """The caller IDs of one organisation, by number, oldest first."""

    numbers: dict[str, PoolNumber]
    day: date
    """Today on the organisation's calendar."""
    ends_at: datetime
    """When that day ends, UTC: limits begin anew."""


def read_pool(organisation: int, now: datetime) -> Pool:
    """Two plain queries, however many numbers there are."""
    with connection.cursor() as cursor:
        cursor.execute(ZONE, [organisation])
        found = cursor.fetchone()
        day, ends_at = day_at(now, found[0] if found else UTC_ZONE)
        cursor.execute(NUMBERS, [day, organisation])
        rows = cursor.fetchall()
    numbers = {
        number: PoolNumber(id_, number, name, attestation, limit, _aware(rests_until), dials or 0)
        for id_, number, name, attestation, limit, rests_until, dials in rows
    }
    return Pool(numbers, day, ends_at)


def day_at(now: datetime, zone_name: str) -> tuple[date, datetime]:
    """The day that ``now`` belongs to on the clock of that zone, and the moment (UTC) at which it ends."""
    zone = ZoneInfo(zone_name)
    day = now.astimezone(zone).date()
    return day, datetime.combine(day + ONE_DAY, time(), zone).astimezone(UTC)


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite gives moments without their zone, which is UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
