"""Leads classed by where they may be, so that one look at a small table tells which of a page may be called now.

A class is the states and zones of a lead together. Some hundreds occur; their numbers are shared by all processes.
Class 0 is a lead whose place is not known or not worked out: it is always let through, and the gate says why not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.metadata import version as package_version
from itertools import accumulate
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from phonenumbers import NumberParseException

from ..choices import Purpose
from ..clock import gate_now
from ..models import WindowClass
from ..models.law import STATES_LENGTH, ZONES_LENGTH
from . import overrides, places, zones
from .applying import zone_or_utc
from .overrides import NONE, Overrides
from .places import Place, UnknownPlace, interned, place_of
from .windows import SALES, Kind, minute_of, opens_next, span_on
from .zones import UnknownZone

UNKNOWN = 0
TABLES_KEPT = 4
MINUTES_KEPT = 256
Allowed = npt.NDArray[np.bool_]
Row = tuple[int, str, str]
"""Id, states and zones (names with a space between them)."""


def place_of_lead(numbers: Collection[str], postal_code: str, state: str, time_zone: str) -> Place | None:
    """Every state and zone in which any of a lead's numbers may be; None: not known of one of them.

    None too for numbers that may never be called at the same time: the gate is asked about each.
    """
    try:
        found = {place_of(number, postal_code, state, time_zone) for number in numbers}
    except (UnknownPlace, UnknownZone, NumberParseException):
        return None
    if len(found) <= 1:
        return next(iter(found), None)
    joined = _joined(found)
    return joined if opens_next(joined, SALES, gate_now()) is not None else None


def _joined(found: Collection[Place]) -> Place:
    states = {state for place in found for state in place.states}
    names = {zone.key for place in found for zone in place.zones}
    return interned(tuple(sorted(states)), tuple(sorted(names)))


def class_ids(wanted: Iterable[Place | None]) -> Mapping[Place | None, int]:
    """The class of each place, 0 for None; those that are new are written, in the caller's transaction.

    One query, three where some are new.
    """
    keys = {place: _key(place) for place in wanted if place is not None and _fits(place)}
    known = _stored() if keys else {}
    missing = sorted(set(keys.values()) - known.keys())
    if missing:
        new = [WindowClass(version=version(), states=states, zones=names) for states, names in missing]
        WindowClass.objects.bulk_create(new, ignore_conflicts=True)
        known = _stored()
    return defaultdict(int, {place: known[key] for place, key in keys.items()})


def class_of(numbers: Collection[str], postal_code: str, state: str, time_zone: str) -> int:
    """The class of one lead, strictest over these numbers (E.164); 0: not known."""
    place = place_of_lead(numbers, postal_code, state, time_zone)
    return class_ids([place])[place]


def current_ids() -> list[int]:
    """The classes that the present data made; any other must be worked out again."""
    return list(WindowClass.objects.filter(version=version()).values_list("id", flat=True))


def closed_now(organisation: int, time_zone: str, purpose: Purpose) -> list[int]:
    """The classes that no call for this purpose may reach at this moment of the gate's clock. Two queries.

    ``time_zone`` is the organisation's: on its days its own changes to the rules are in force.
    """
    now = gate_now()
    changes = overrides.in_force(organisation, now.astimezone(zone_or_utc(time_zone)).date())
    return stored_table().closed(now, Kind(purpose), changes)


def stored_table() -> ClassTable:
    """The classes that are stored now; compiled anew only when there are others."""
    rows = WindowClass.objects.filter(version=version()).order_by("id")
    return compiled(tuple(rows.values_list("id", "states", "zones")))


@dataclass(frozen=True, eq=False, slots=True)
class ClassTable:
    """Classes as arrays: which (state, zone) pairs there are, and which of them each class needs open."""

    ids: npt.NDArray[np.intp]
    pairs: tuple[tuple[str, ZoneInfo], ...]
    needs: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]

    def allowed(self, now: datetime, kind: Kind = SALES, changes: Overrides = NONE) -> Allowed:
        """Class → whether calls of a kind are allowed in this minute. Not to be written to.

        Asked for a page of leads: ``may_call(allowed, classes)``.
        """
        return _allowed(self, now.replace(second=0, microsecond=0), kind, changes)

    def closed(self, now: datetime, kind: Kind = SALES, changes: Overrides = NONE) -> list[int]:
        """The classes that may not be called in this minute."""
        found: list[int] = np.flatnonzero(~self.allowed(now, kind, changes)).tolist()
        return found


def may_call(allowed: Allowed, classes: npt.NDArray[np.integer]) -> Allowed:
    """For each lead of a page, by class; a class that the table does not know is left to the gate."""
    return allowed.take(classes, mode="clip")


@lru_cache(maxsize=TABLES_KEPT)
def compiled(rows: tuple[Row, ...]) -> ClassTable:
    """Stored classes as arrays."""
    needed = [
        [(state, ZoneInfo(name)) for state in states.split() for name in names.split()]
        for _, states, names in rows
    ]
    pairs = tuple(dict.fromkeys(pair for each in needed for pair in each))
    place = {pair: index for index, pair in enumerate(pairs)}
    starts = list(accumulate((len(each) for each in needed), initial=0))[:-1]
    return ClassTable(
        np.array([row[0] for row in rows], dtype=np.intp),
        pairs,
        np.array([place[pair] for each in needed for pair in each], dtype=np.intp),
        np.array(starts, dtype=np.intp),
    )


@lru_cache(maxsize=MINUTES_KEPT)
def _allowed(table: ClassTable, minute: datetime, kind: Kind, changes: Overrides) -> Allowed:
    """One place more than there are classes, always open: ``may_call`` sends unknown classes there."""
    allow = np.ones(int(table.ids.max(initial=UNKNOWN)) + 2, dtype=np.bool_)
    if table.ids.size:
        clocks = {zone: minute.astimezone(zone) for zone in {zone for _, zone in table.pairs}}
        shown = {zone: (local.date(), minute_of(local)) for zone, local in clocks.items()}
        is_open = [
            span_on(state, kind, shown[zone][0], changes).allows(shown[zone][1])
            for state, zone in table.pairs
        ]
        allow[table.ids] = np.logical_and.reduceat(np.array(is_open)[table.needs], table.starts)
    allow.flags.writeable = False
    return allow


@cache
def version() -> str:
    """Of the data that classes follow from; with another one leads are classed anew."""
    return f"{max(places.table().version, zones.table().version)}/{package_version('zipcodes')}"


def _stored() -> dict[tuple[str, str], int]:
    rows = WindowClass.objects.filter(version=version()).values_list("states", "zones", "id")
    return {(states, names): pk for states, names, pk in rows}


def _fits(place: Place) -> bool:
    """Whether it can be stored: a lead with numbers all over the world need not have a class."""
    states, names = _key(place)
    return len(states) <= STATES_LENGTH and len(names) <= ZONES_LENGTH


def _key(place: Place) -> tuple[str, str]:
    return " ".join(place.states), " ".join(zone.key for zone in place.zones)
