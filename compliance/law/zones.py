"""In which time zones a called party may be."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import zipcodes
from phonenumbers.timezone import time_zones_for_number

DATA = Path(__file__).parent.parent / "data" / "nanp_zones.toml"
NANP_PREFIX = "+1"
ZIP_DIGITS = 5
UNKNOWN = "Etc/Unknown"


class UnknownZone(Exception):
    """Nothing says where the number is, or what was given cannot be understood; the text is for a person."""


def zones_of(number: str, postal_code: str = "", given: str = "") -> tuple[ZoneInfo, ...]:
    """Every zone that the number, the ZIP code or the lead's own entry points to, by name.

    ``number`` is E.164 and valid. A ZIP code is read for North American numbers only. Raises ``UnknownZone``.
    """
    if number.startswith(NANP_PREFIX):
        return _zones(number[2:5], "", postal_code.strip()[:ZIP_DIGITS], given.strip())
    return _zones("", number, "", given.strip())


@lru_cache(maxsize=65_536)
def _zones(area_code: str, foreign: str, zip_code: str, given: str) -> tuple[ZoneInfo, ...]:
    names = set(_by_area_code().get(area_code, ()) if area_code else _zones_abroad(foreign))
    if not names:
        raise UnknownZone("The time zone of its area code is not known.")
    if given:
        if given not in _known_names():
            raise UnknownZone(f"The lead's time zone {given[:40]!r} is not one: write it as America/Chicago.")
        names.add(given)
    names |= _zones_of_zip(zip_code)
    return tuple(ZoneInfo(name) for name in sorted(names))


@cache
def data_version() -> str:
    """The version of the table of area codes."""
    return str(_table()["version"])


@cache
def _table() -> dict[str, object]:
    with DATA.open("rb") as file:
        return tomllib.load(file)


@cache
def _by_area_code() -> dict[str, tuple[str, ...]]:
    blocks = _table()["zones"]
    assert isinstance(blocks, list)
    return {code: tuple(block["in"]) for block in blocks for code in block["area_codes"]}


@cache
def _known_names() -> frozenset[str]:
    return frozenset(available_timezones())


def _zones_abroad(number: str) -> set[str]:
    names = set(time_zones_for_number(phonenumbers.parse(number)))
    return set() if UNKNOWN in names else names


@lru_cache(maxsize=45_000)
def _zones_of_zip(zip_code: str) -> frozenset[str]:
    """Empty for what is no ZIP code: it adds nothing, and the number's own zones still hold."""
    if len(zip_code) != ZIP_DIGITS or not (zip_code.isascii() and zip_code.isdigit()):
        return frozenset()
    return frozenset(entry["timezone"] for entry in zipcodes.matching(zip_code)) & _known_names()
