"""Where a called party may be: countries and states, with the time zones.

A state is written as in ISO 3166-2 (``US-FL``, ``CA-ON``), a country without states by its two letters (``GB``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import phonenumbers

from .loading import BadLawData, Entry, Table, load
from .zones import NANP_PREFIX, ZIP_DIGITS, zip_entries, zone_names_of_zip, zones_of, zones_of_area_code

FILE = "places.yaml"
KNOWN_PLACES = 131_072
COUNTRIES_WITH_STATES = frozenset({"US", "CA", "PR", "VI", "GU", "AS", "MP"})
"""As leads give them; the territories are states here."""


class UnknownPlace(Exception):
    """Nothing says in which state or country the number is, or what was given is none; the text is for a person."""


class State(Entry, frozen=True):
    """A state, province or country of the North American Numbering Plan; ``id`` is its code."""

    name: str
    area_codes: tuple[int, ...]
    also: tuple[str, ...] = ()
    """Other names that people write."""
    postal_letters: tuple[str, ...] = ()
    """First letters of its Canadian postal codes."""


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """All states and zones that one called party may be in: a call must be lawful in each.

    The same places are the same object within a process, so that it can be the key of a table.
    """

    states: tuple[str, ...]
    zones: tuple[ZoneInfo, ...]


def place_of(number: str, postal_code: str = "", state: str = "", time_zone: str = "") -> Place:
    """Every state and zone that number, ZIP code, given state or given zone point to.

    ``number`` is E.164 and valid. Raises ``UnknownPlace`` or ``UnknownZone``: what is not known is not called.
    """
    if number.startswith(NANP_PREFIX):
        return _place(number[2:5], "", postal_code, state, time_zone)
    return _place("", number, "", state, time_zone)


def states_of(number: str, postal_code: str = "", state: str = "") -> frozenset[str]:
    """The states or countries that number, ZIP or Canadian postal code, and given state point to.

    Of a number abroad only the country counts, and a given state that North America has: other countries' counties
    bring no rules of their own. Raises ``UnknownPlace``.
    """
    if number.startswith(NANP_PREFIX):
        return _states(number[2:5], "", postal_code, state)
    return _states("", number, "", state)


@lru_cache(maxsize=KNOWN_PLACES)
def _place(area_code: str, foreign: str, postal_code: str, state: str, time_zone: str) -> Place:
    number = f"{NANP_PREFIX}{area_code}" if area_code else foreign
    zones = {zone.key for zone in zones_of(number, postal_code, time_zone)}
    states = _states(area_code, foreign, postal_code, state)
    told = postal_code if zone_names_of_zip(postal_code.strip()[:ZIP_DIGITS]) else ""
    zones |= _zones_of_moved(states - _states(area_code, foreign, told, ""))
    return interned(tuple(sorted(states)), tuple(sorted(zones)))


@lru_cache(maxsize=KNOWN_PLACES)
def interned(states: tuple[str, ...], zones: tuple[str, ...]) -> Place:
    """The one object for these states and zones (names, both sorted)."""
    return Place(states, tuple(ZoneInfo(name) for name in zones))


@lru_cache(maxsize=KNOWN_PLACES)
def _states(area_code: str, foreign: str, postal_code: str, state: str) -> frozenset[str]:
    found = set(_by_area_code().get(area_code, ())) if area_code else {_country_abroad(foreign)}
    if not found:
        raise UnknownPlace("The state of its area code is not known.")
    found |= _states_of_postal_code(postal_code.strip().upper())
    if state.strip():
        given = read_state(state)
        if given is None and area_code:
            raise UnknownPlace(
                f"The lead's state {state.strip()[:40]!r} is not one: write it as FL or Florida."
            )
        found |= {given} if given else set()
    return frozenset(found)


def _zones_of_moved(states: frozenset[str]) -> set[str]:
    """All zones of states that only a given state or a code without a zone names: where in them nothing else tells."""
    codes = (str(code) for row in table().rows if row.id in states for code in row.area_codes)
    return {name for code in codes for name in zones_of_area_code(code)}


def read_state(text: str) -> str | None:
    """A state of the US or a province of Canada by name or two letters; None: it is none."""
    return _by_name().get(" ".join(text.upper().split()))


def tidy_state(text: str, country: str) -> str:
    """A lead's state as two letters where its country has states that law looks at, else as it stands.

    Raises ``UnknownPlace`` for one that does not exist: with it the gate would refuse every call.
    """
    text = text.strip()
    found = read_state(text)
    if text and found is None and country in COUNTRIES_WITH_STATES:
        raise UnknownPlace(
            f"“{text[:40]}” is not a state or province. Write it as FL or Florida, or leave it empty."
        )
    return found.partition("-")[2] if found else text


def name_of(place: str) -> str:
    """``Florida`` for ``US-FL``; other countries by their two letters."""
    return _names().get(place, place)


@cache
def table() -> Table[State]:
    """States, provinces and countries with their area codes. Raises ``BadLawData``."""
    found = load(FILE, State)
    for row in found.rows:
        unzoned = [code for code in row.area_codes if not zones_of_area_code(str(code))]
        if unzoned:
            raise BadLawData(f"{FILE}, entry {row.id}: area_codes {unzoned} have no time zone in zones.yaml.")
    return found


@cache
def _names() -> dict[str, str]:
    return {row.id: row.name for row in table().rows}


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in table().rows:
        if "-" in row.id:
            found |= {name.upper(): row.id for name in (row.id[3:], row.name, *row.also)}
    return found


@cache
def _by_area_code() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in table().rows:
        for code in row.area_codes:
            found[str(code)].add(row.id)
    return {code: frozenset(states) for code, states in found.items()}


def _states_of_postal_code(text: str) -> set[str]:
    if text[1:2].isdigit() and not text[:1].isdigit():
        return {row.id for row in table().rows if text[:1] in row.postal_letters}
    return {_state_of_zip(entry["state"]) for entry in zip_entries(text[:ZIP_DIGITS])}


def _state_of_zip(code: str) -> str:
    found = f"US-{code}"
    if found not in _names():
        raise UnknownPlace(f"The ZIP code belongs to {code}: where its people are is not known.")
    return found


@lru_cache(maxsize=65_536)
def _country_abroad(number: str) -> str:
    country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    if country is None or not country.isalpha():
        raise UnknownPlace("The country of the number is not known.")
    return str(country)
