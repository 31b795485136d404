"""The law's calling hours on the clock of every zone in which the called party may be."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from ..choices import Refused
from ..law import zones
from ..law.windows import DailyWindow, Place, next_allowed
from ..values import DialRequest
from .base import Allowed, Facts, Forbidden, Rule, Verdict

DATA = Path(__file__).parent.parent / "data" / "windows.toml"


@dataclass(frozen=True, slots=True)
class DatedWindow:
    """A rule of ``data/windows.toml``: its hours, and the local days on which it holds."""

    id: str
    window: DailyWindow
    effective: date
    ends: date
    citation: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.effective <= day < self.ends


def _load() -> tuple[str, tuple[DatedWindow, ...]]:
    with DATA.open("rb") as file:
        table = tomllib.load(file)
    return table["version"], tuple(
        DatedWindow(
            block["id"],
            DailyWindow(block["opens"], block["closes"], block["weekdays"]),
            block["effective"],
            block.get("ends", date.max),
            block["citation"],
        )
        for block in table["window"]
    )


VERSION, WINDOWS = _load()


def ask(request: DialRequest, facts: Facts) -> Verdict:
    """Allowed only where every zone allows; a place that is not known is refused."""
    try:
        places = zones.zones_of(request.number, request.postal_code, request.time_zone)
    except zones.UnknownZone as unknown:
        return Forbidden(Refused.UNKNOWN_ZONE, str(unknown))
    verdict = facts.zone_verdicts.get(places)
    if verdict is None:
        verdict = facts.zone_verdicts[places] = _judge(facts.now, places)
    return verdict


def _judge(now: datetime, places: tuple[ZoneInfo, ...]) -> Verdict:
    for zone in places:
        local = now.astimezone(zone)
        for dated in WINDOWS:
            if dated.holds_on(local.date()) and not dated.window.allows(local):
                return Forbidden(Refused.WINDOW, _words(local, zone, dated), _next(_minute_of(now), places))
    return Allowed(" ".join(f"{zone.key} {now.astimezone(zone):%H:%M}" for zone in places))


def _words(local: datetime, zone: ZoneInfo, dated: DatedWindow) -> str:
    window = dated.window
    return (
        f"It is {local:%H:%M} in {zone.key}; calls are allowed from {window.opens:%H:%M} "
        f"to {window.closes:%H:%M} ({dated.citation})."
    )


def _minute_of(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(second=0, microsecond=0)


@lru_cache(maxsize=4096)
def _next(minute: datetime, zones_: tuple[ZoneInfo, ...]) -> datetime | None:
    """Windows open and close on whole minutes, so all moments of a closed minute have one answer."""
    places: list[Place] = [
        (zone, dated.window)
        for zone in zones_
        for dated in WINDOWS
        if dated.holds_on(minute.astimezone(zone).date())
    ]
    return next_allowed(minute, places)


RULE = Rule("window", f"1/{max(VERSION, zones.data_version())}", ask)
"""The version names the newer of the two tables: a change of either gives it a new date."""
