"""Questions to the Reassigned Numbers Database: number and date, one a line, as its query files want them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from ..models import Consent
from ..numbers import NANP, to_e164
from .facts import ENTRY_FIELDS, Key, in_force_by_number
from .ledger import Entry
from .reassigned import day_of

CHUNK = 500


def rnd_queries(
    organisation_id: int, numbers: Iterable[int], now: datetime, topic: str
) -> Iterator[tuple[str, str]]:
    """(ten digits, ISO date) for every day from which a consent or relationship in force has to be carried.

    Only US-style numbers: the database knows no others. ``topic`` is the campaign's.
    """
    rest = iter(numbers)
    while chunk := list(islice(rest, CHUNK)):
        found = Consent.objects.filter(organisation_id=organisation_id, number__in=chunk).order_by()
        held = in_force_by_number(found.values_list(*ENTRY_FIELDS), now)
        yield from _questions(held, topic)


def numbers_of_ledger(organisation_id: int) -> Iterator[int]:
    """Every number that has an entry, once."""
    found = Consent.objects.filter(organisation_id=organisation_id).order_by("number")
    return found.values_list("number", flat=True).distinct().iterator()


def _questions(held: dict[Key, tuple[Entry, ...]], topic: str) -> Iterator[tuple[str, str]]:
    for (_, number), entries in held.items():
        if NANP.fullmatch(to_e164(number)) is None:
            continue
        days: set[date] = {day_of(entry.given_at) for entry in entries if entry.covers(topic)}
        for day in sorted(days):
            yield str(number)[1:], day.isoformat()
