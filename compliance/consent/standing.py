"""What the ledger says of one number, for a person: its history, and what may be said to it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..choices import ConsentKind, ConsentNeed, DialKind, Message, Purpose, RndAnswer
from ..law.places import UnknownPlace, states_of
from ..models import Consent, ReassignedAnswer
from ..numbers import to_e164
from .facts import EXEMPTING
from .ledger import Entry, in_force
from .needs import WORDS, needs_of


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a number's history."""

    at: datetime
    what: str
    standing: str
    tone: str
    icon: str
    entry: Consent | None = None
    """None: an answer of the Reassigned Numbers Database."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether the ledger lets a campaign of one purpose call now; other rules may still refuse."""

    allowed: bool
    words: str


def history(organisation_id: int, number: int, now: datetime) -> list[Event]:
    """All entries and answers, the newest first."""
    stored = list(Consent.objects.filter(organisation=organisation_id, number=number))
    holding = {entry.id for entry in in_force(map(_as_entry, stored), now)}
    answers = ReassignedAnswer.objects.filter(organisation=organisation_id, number=number)
    events = [_of_entry(entry, entry.pk in holding, now) for entry in stored]
    events += [_of_answer(answer) for answer in answers]
    return sorted(events, key=lambda event: event.at, reverse=True)


def permissions(organisation_id: int, number: int, now: datetime) -> list[tuple[str, list[Permission]]]:
    """Each purpose with what it may, spoken by a person and by a recording, in a campaign without a subject.

    Raises ``UnknownPlace``.
    """
    stored = Consent.objects.filter(organisation=organisation_id, number=number)
    entries = [entry for entry in in_force(map(_as_entry, stored), now) if entry.covers("")]
    places = states_of(to_e164(number))
    return [
        (str(purpose.label), [_permission(purpose, message, entries, places, now) for message in Message])
        for purpose in Purpose
    ]


def exemption(organisation_id: int, number: int, now: datetime) -> str:
    """Which entry lets it be called though a registry names it; empty: none."""
    stored = Consent.objects.filter(organisation=organisation_id, number=number)
    entries = in_force(map(_as_entry, stored), now)
    return next((entry.words() for entry in entries if entry.kind in EXEMPTING and entry.covers("")), "")


def _permission(
    purpose: Purpose, message: Message, entries: list[Entry], places: frozenset[str], now: datetime
) -> Permission:
    needed = needs_of(places, purpose, message, DialKind.AUTO, None, ConsentNeed.LAW, now.date())
    used = []
    for need in needed:
        entry = next((entry for entry in entries if entry.kind in need.accepts), None)
        if entry is None:
            return Permission(False, f"Needs {WORDS[need.name]} ({need.citation})")
        used.append(entry.words())
    return Permission(True, f"By {', '.join(dict.fromkeys(used))}" if used else "Needs no consent")


def _as_entry(row: Consent) -> Entry:
    return Entry(row.pk, row.kind, row.given_at, row.expires_at, row.scope)


def _of_entry(row: Consent, holds: bool, now: datetime) -> Event:
    what = str(ConsentKind(row.kind).label)
    if row.kind == ConsentKind.REVOKED:
        return Event(row.given_at, what, "Ends all before it", "bad", "cross", row)
    if holds:
        return Event(row.given_at, what, "In force", "good", "check", row)
    if row.given_at > now:
        return Event(row.given_at, what, "Not yet", "", "clock", row)
    expired = row.expires_at is not None and row.expires_at <= now
    return Event(
        row.given_at, what, "Expired" if expired else "Revoked", "", "clock" if expired else "cross", row
    )


def _of_answer(row: ReassignedAnswer) -> Event:
    what = f"Reassigned Numbers Database, asked about {row.consent_date:%-d %b %Y}"
    good = row.answer == RndAnswer.NO
    label = str(RndAnswer(row.answer).label)
    return Event(row.answered_at, what, label, "good" if good else "warn", "check" if good else "alert")


__all__ = ["Event", "Permission", "UnknownPlace", "exemption", "history", "permissions"]
