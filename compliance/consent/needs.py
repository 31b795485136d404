"""What the ledger must hold for a dial, by the table ``data/consent.yaml`` and the campaign's own setting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from ..choices import ConsentKind, ConsentNeed, DialKind, Message, Purpose
from ..law.loading import Row, load
from .ledger import CONSENTS, RELATIONSHIPS

FILE = "consent.yaml"
ELSEWHERE = "ZZ"
"""ISO 3166 leaves it to its users: here every country without rows of its own."""

Line = Literal["wireless", "landline"]
NeedName = Literal["none", "relationship", "written_or_relationship", "express", "written"]
ACCEPTS: dict[str, frozenset[ConsentKind]] = {
    "none": frozenset(),
    "relationship": CONSENTS | RELATIONSHIPS,
    "written_or_relationship": RELATIONSHIPS | {ConsentKind.WRITTEN},
    "express": CONSENTS,
    "written": frozenset({ConsentKind.WRITTEN}),
}
WORDS: dict[str, str] = {
    "relationship": "a consent or a relationship in date",
    "written_or_relationship": "written consent or a relationship in date",
    "express": "express or written consent",
    "written": "written consent",
}


class ConsentRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the table; which dials it speaks of, and what they need."""

    messages: tuple[Message, ...]
    kinds: tuple[DialKind, ...] = tuple(DialKind)
    lines: tuple[Line, ...] = ("wireless", "landline")
    need: NeedName


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must be met: an entry in force of one of the kinds; ``accepts`` is empty where none is needed."""

    name: str
    accepts: frozenset[ConsentKind]
    rule: str
    citation: str


UNKNOWN = Need("written", ACCEPTS["written"], "unknown", "no rule is known for this place")
OF_CAMPAIGN = {
    need: Need(need.value, ACCEPTS[need.value], "campaign", "the campaign's own setting")
    for need in (ConsentNeed.EXPRESS, ConsentNeed.WRITTEN)
}


def version() -> str:
    """The version of the table."""
    return load(FILE, ConsentRow).version


@lru_cache(maxsize=4096)
def needs_of(
    places: frozenset[str],
    purpose: Purpose,
    message: Message,
    kind: DialKind,
    wireless: bool | None,
    consent_need: ConsentNeed,
    day: date,
) -> tuple[Need, ...]:
    """All that must be met, each by itself; empty: nothing.

    ``places`` are all in which the called party may be, as ``US-FL`` or ``GB``. A line of unknown kind
    (``wireless`` None) is taken for both kinds; a place of which the table says nothing asks for written consent.
    """
    found: dict[str, Need] = {}
    for place in sorted(places):
        rows = [row for row in _rows_of(place) if _speaks_of(row, purpose, message, kind, wireless, day)]
        needs = [Need(row.need, ACCEPTS[row.need], row.id, row.citation) for row in rows]
        found |= {need.rule: need for need in needs or [UNKNOWN]}
    if consent_need in OF_CAMPAIGN:
        found["campaign"] = OF_CAMPAIGN[consent_need]
    return tuple(need for need in found.values() if need.accepts)


@cache
def asks_somewhere(purpose: Purpose, message: Message) -> bool:
    """Whether such a call needs anything of the ledger in any place, at any time."""
    rows = load(FILE, ConsentRow).rows
    return any(row.need != "none" for row in rows if purpose in row.applies_to and message in row.messages)


def _rows_of(place: str) -> list[ConsentRow]:
    rows = load(FILE, ConsentRow).rows
    known = any(place.partition("-")[0] in row.where for row in rows)
    return [row for row in rows if row.covers(place if known else ELSEWHERE)]


def _speaks_of(
    row: ConsentRow, purpose: Purpose, message: Message, kind: DialKind, wireless: bool | None, day: date
) -> bool:
    return (
        purpose in row.applies_to
        and message in row.messages
        and kind in row.kinds
        and (wireless is None or ("wireless" if wireless else "landline") in row.lines)
        and row.holds_on(day)
    )
