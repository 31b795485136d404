"""What the world still gives a campaign: leads and of what sort, calls a second, time until it closes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from .choosing import at_hand, candidates
from .config import RoomConfig
from .room import Room

KINDS_AHEAD = 40
"""Leads whose sort the pacer is told: more than it places at once."""
LATE_ATTEMPT = 3
"""From here on attempts are one sort: few answer, and ever more alike."""


def lead_kind(list_id: int, attempts: int, phone_kind: str) -> str:
    """The sort of a lead: its list, which attempt comes next, and the kind of phone."""
    return f"{list_id}/{min(attempts + 1, LATE_ATTEMPT)}/{phone_kind}"


def kind_of(request: dict[str, Any]) -> str:
    """The sort of a lead as the hopper and its call carry it; empty for a number that is of no list."""
    return str(request.get("lead_kind", ""))


class NextKinds(Sequence[str]):
    """The sorts of the leads that would be dialed next, in order; read when the pacer asks, which it seldom does: most
    decisions place nothing."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @cached_property
    def _kinds(self) -> list[str]:
        return [kind_of(due["request"]) for due, _ in islice(candidates(self._room), KINDS_AHEAD)]

    def __len__(self) -> int:
        return len(self._kinds)

    def __getitem__(self, place: Any) -> Any:
        return self._kinds[place]


def leads_left(room: Room) -> int | None:
    """Leads that may be dialed now, where the lists have no more than those; None where they have."""
    return at_hand(room) if room.hopper_empty else None


def calls_per_s(config: RoomConfig) -> float:
    """What the trunks take together; infinite where one has no limit."""
    limits = [rule.cps_limit for rule in config.trunks]
    return sum(limits) if limits and all(limits) else math.inf


def local_time(config: RoomConfig, now: float) -> datetime:
    """The organisation's clock as the gate sees it: a demonstration moves it into the calling hours."""
    return datetime.fromtimestamp(now + settings.GATE_OFFSET_S, ZoneInfo(config.time_zone))


def closes_in(config: RoomConfig, local: datetime) -> float:
    """Seconds until the campaign's hours end today, 0 outside them."""
    if str(local.isoweekday()) not in config.weekdays or not config.opens <= local.time() < config.closes:
        return 0.0
    return (
        local.replace(hour=config.closes.hour, minute=config.closes.minute, second=0) - local
    ).total_seconds()
