"""In which time zones a called party may be."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import zipcodes
from phonenumbers.timezone import time_zones_for_number

from .loading import BadLawData, Entry, Table, load

FILE = "zones.yaml"
NANP_PREFIX = "+1"
ZIP_DIGITS = 5
UNKNOWN = "Etc/Unknown"


class UnknownZone(Exception):
    """Nothing says where the number is, or what was given cannot be understood; the text is for a person."""


class Zone(Entry, frozen=True):
    """The area codes with subscribers in a zone; ``id`` is its name."""

    area_codes: tuple[int, ...]


def zones_of(number: str, postal_code: str = "", given: str = "") -> tuple[ZoneInfo, ...]:
    """Every zone that the number, the ZIP code or the lead's own entry points to, by name.

    ``number`` is E.164 and valid. A ZIP code is read for North American numbers only. Raises ``UnknownZone``.
    """
    if number.startswith(NANP_PREFIX):
        return _zones(number[2:5], "", postal_code.strip()[:ZIP_DIGITS], given.strip())
    return _zones("", number, "", given.strip())


@lru_cache(maxsize=65_536)
def _zones(area_code: str, foreign: str, zip_code: str, given: str) -> tuple[ZoneInfo, ...]:
    names = set(zones_of_area_code(area_code) if area_code else _zones_abroad(foreign))
    if not names:
        raise UnknownZone("The time zone of its area code is not known.")
    if given:
        if given not in known_names():
            raise UnknownZone(f"The lead's time zone {given[:40]!r} is not one: write it as America/Chicago.")
        names.add(given)
    names |= zone_names_of_zip(zip_code)
    return tuple(ZoneInfo(name) for name in sorted(names))


def zones_of_area_code(area_code: str) -> frozenset[str]:
    """The names of the zones in which a North American area code has subscribers; empty: not known."""
    return _by_area_code().get(area_code, frozenset())


@cache
def table() -> Table[Zone]:
    """The zones and their area codes. Raises ``BadLawData``."""
    found = load(FILE, Zone)
    for row in found.rows:
        if row.id not in known_names():
            raise BadLawData(f"{FILE}, entry {row.id}: id is no time zone.")
    return found


@cache
def _by_area_code() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in table().rows:
        for code in row.area_codes:
            found[str(code)].add(row.id)
    return {code: frozenset(names) for code, names in found.items()}


@cache
def known_names() -> frozenset[str]:
    """Every time zone that there is."""
    return frozenset(available_timezones())


def _zones_abroad(number: str) -> set[str]:
    names = set(time_zones_for_number(phonenumbers.parse(number)))
    return set() if UNKNOWN in names else names


@lru_cache(maxsize=45_000)
def zone_names_of_zip(zip_code: str) -> frozenset[str]:
    """Empty for what is no ZIP code: it adds nothing, and the number's own zones still hold."""
    return frozenset(entry["timezone"] for entry in zip_entries(zip_code)) & known_names()


def zip_entries(zip_code: str) -> list[dict[str, str]]:
    """What is known of a ZIP code of five digits; nothing for what is none."""
    if len(zip_code) != ZIP_DIGITS or not (zip_code.isascii() and zip_code.isdigit()):
        return []
    found: list[dict[str, str]] = zipcodes.matching(zip_code)
    return found
