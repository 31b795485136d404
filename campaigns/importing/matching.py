"""Which rows are already there, in the file or in the lists, and which may never be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

from campaigns.choices import Duplicates, Scope
from campaigns.models import ImportJob, LeadPhone
from compliance.models import DncEntry
from compliance.numbers import to_digits, to_e164

from .pieces import Piece
from .problems import Skip
from .record import Record

CHUNK = 500
"""Numbers in one query."""


class Plan(Protocol):
    """What is to be done with the rows of a piece."""

    def create(self, record: Record) -> None:
        """Nobody has these numbers: a new lead."""

    def update(self, record: Record, lead_id: int) -> None:
        """A lead of before has one of the numbers."""

    def merge(self, record: Record, number: str) -> None:
        """A row of this piece, still to be written, has this number."""


class Seen(Protocol):
    """Numbers of earlier rows of the file that the database does not know of."""

    def __contains__(self, number: str) -> bool: ...

    def add_all(self, numbers: Iterable[str]) -> None:
        """Remember the numbers of a row."""


def decide(job: ImportJob, piece: Piece, plan: Plan, seen: Seen) -> None:
    """Send each good row of the piece to the plan, or count it as skipped. Two queries a few hundred numbers."""
    numbers = [number for _, record in piece.good for number, _ in record.phones]
    stopped = own_dnc(job.organisation_id, numbers)
    known = {} if job.duplicates == Duplicates.ALLOW else known_leads(job, numbers)
    for _, record in piece.good:
        record.phones = [phone for phone in record.phones if phone[0] not in stopped]
        if not record.phones:
            piece.tally.skip(Skip.OWN_DNC)
        else:
            _place(job, piece, plan, seen, known, record)


def _place(
    job: ImportJob, piece: Piece, plan: Plan, seen: Seen, known: dict[str, int], record: Record
) -> None:
    numbers = [number for number, _ in record.phones]
    lead_id = next((known[number] for number in numbers if number in known), None)
    earlier = next((number for number in numbers if number in seen), None)
    if job.duplicates == Duplicates.ALLOW or (lead_id is None and earlier is None):
        plan.create(record)
        seen.add_all(numbers)
        piece.tally.created += 1
    elif job.duplicates == Duplicates.SKIP:
        piece.tally.skip(Skip.DUPLICATE)
    else:
        if lead_id is not None:
            plan.update(record, lead_id)
        elif earlier is not None:
            plan.merge(record, earlier)
        seen.add_all(numbers)
        piece.tally.updated += 1


def own_dnc(organisation_id: int, numbers: list[str]) -> set[str]:
    """Those of the numbers that are on the organisation's own do-not-call list."""
    entries = DncEntry.objects.filter(organisation=organisation_id)
    found: set[str] = set()
    for chunk in _chunks(numbers):
        rows = entries.filter(number__in=[to_digits(number) for number in chunk]).values_list(
            "number", flat=True
        )
        found.update(to_e164(digits) for digits in rows)
    return found


def known_leads(job: ImportJob, numbers: list[str]) -> dict[str, int]:
    """Number → the oldest lead in the job's scope that has it."""
    phones = LeadPhone.objects.filter(organisation=job.organisation_id)
    if job.scope == Scope.LIST:
        phones = phones.filter(lead__lead_list=job.lead_list_id)
    found: dict[str, int] = {}
    for chunk in _chunks(numbers):
        for number, lead_id in phones.filter(number__in=chunk).values_list("number", "lead_id"):
            found[number] = min(lead_id, found.get(number, lead_id))
    return found


def _chunks(numbers: list[str]) -> Iterator[list[str]]:
    rest = iter(numbers)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
