"""What the ledger says of a batch of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ..choices import ConsentKind, ConsentNeed, Purpose
from ..numbers import is_e164, to_digits
from ..statements import Among, Statement, among, moment
from ..values import DialRequest
from .ledger import RELATIONSHIPS, Entry, in_force
from .needs import asks_somewhere

Key = tuple[int, int]
"""(organisation, number)."""
EXEMPTING = frozenset({ConsentKind.WRITTEN, *RELATIONSHIPS})
"""47 CFR 64.1200(c)(2)(ii): a signed agreement; (f)(15)(ii): an established business relationship."""

HELD = Statement(
    """SELECT organisation_id, number, id, kind, given_at, expires_at, scope FROM compliance_consent
    WHERE organisation_id AMONG(%s) AND number AMONG(%s)"""
)
ANSWERS = Statement(
    """SELECT organisation_id, number, id, consent_date, answer, answered_at FROM compliance_reassignedanswer
    WHERE organisation_id AMONG(%s) AND number AMONG(%s)"""
)
ENTRY_FIELDS = ("organisation_id", "number", "id", "kind", "given_at", "expires_at", "scope")
"""A row of the ledger as ``in_force_by_number`` reads it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the Reassigned Numbers Database said: ``asked`` is the date that was asked about."""

    id: int
    asked: date
    answer: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """The entries in force and the answers for the batch's numbers."""

    held: dict[Key, tuple[Entry, ...]] = field(default_factory=dict)
    """The newest first; revoked and expired ones are not there."""
    answers: dict[Key, tuple[Answer, ...]] = field(default_factory=dict)

    def entries(self, request: DialRequest) -> Sequence[Entry]:
        """What is in force for this dial: of its organisation and number, and of its campaign's subject."""
        found = self.held.get((request.organisation, to_digits(request.number)), ())
        return [entry for entry in found if entry.covers(request.topic)]

    def exempts_registry(self, request: DialRequest, facts_now: datetime) -> str:
        """In words which written consent or relationship lets a registered number be called; empty: none does.

        The national registry asks for a signed agreement (47 CFR 64.1200(c)(2)(ii)) or an established business
        relationship (f)(5) that is in date and not revoked at ``facts_now``.
        """
        if not self.held:
            return ""
        for entry in self.entries(request):
            if entry.kind in EXEMPTING and (entry.expires_at is None or facts_now < entry.expires_at):
                return entry.words()
        return ""


def gather(requests: Sequence[DialRequest], now: datetime) -> ConsentFacts:
    """One query for entries, one for answers, and neither where no request needs it."""
    asking = [request for request in requests if may_need(request)]
    if not asking:
        return ConsentFacts()
    checked = [request for request in asking if request.check_reassigned]
    return ConsentFacts(_held(asking, now), _answers(checked) if checked else {})


def may_need(request: DialRequest) -> bool:
    """Whether the ledger may have a say in this dial: registries know exemptions from sales calls only."""
    return (
        request.purpose == Purpose.SALES
        or request.consent_need != ConsentNeed.LAW
        or request.check_reassigned
        or asks_somewhere(request.purpose, request.message)
    )


def _held(requests: Sequence[DialRequest], now: datetime) -> dict[Key, tuple[Entry, ...]]:
    rows = HELD.rows(*_asked(requests))
    return in_force_by_number(
        (
            (organisation, number, pk, kind, moment(given_at), expires_at and moment(expires_at), scope)
            for organisation, number, pk, kind, given_at, expires_at, scope in rows
        ),
        now,
    )


def in_force_by_number(rows: Iterable[tuple], now: datetime) -> dict[Key, tuple[Entry, ...]]:
    """Rows of (organisation, number, and an entry's fields) as what is in force, by number."""
    by_number: dict[Key, list[Entry]] = {}
    for organisation, number, *fields in rows:
        by_number.setdefault((organisation, number), []).append(Entry(*fields))
    return {key: in_force(entries, now) for key, entries in by_number.items()}


def _answers(requests: Sequence[DialRequest]) -> dict[Key, tuple[Answer, ...]]:
    by_number: dict[Key, list[Answer]] = {}
    for organisation, number, pk, asked, answer, answered_at in ANSWERS.rows(*_asked(requests)):
        found = Answer(pk, asked, answer, moment(answered_at))
        by_number.setdefault((organisation, number), []).append(found)
    return {key: tuple(answers) for key, answers in by_number.items()}


def _asked(requests: Sequence[DialRequest]) -> tuple[Among, Among]:
    numbers = (to_digits(request.number) for request in requests if is_e164(request.number))
    return among(request.organisation for request in requests), among(numbers)
