"""What happened before with the numbers and subjects of a batch: dials that were permitted, and contacts.

Both are read only as far back as a rule looks that holds for a request of the batch, and only where one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from ..models import Contact, Decision
from ..numbers import E164, to_digits
from ..values import DialRequest
from .applying import Law
from .overrides import Overrides
from .spans import Span

ATTEMPTS = Span(24)
"""What the campaign's own limit of attempts looks back."""
NO_LEAD = "number:"
"""How a subject begins that is no lead: a dial by hand, which may be about any matter of that number."""


class Dial(NamedTuple):
    """A dial that was permitted."""

    at: datetime
    topic: str
    subject: str


class Met(NamedTuple):
    """A contact."""

    at: datetime
    kind: str
    subject: str


E = TypeVar("E", Dial, Met)


@dataclass(slots=True)
class Events(Generic[E]):
    """Events of each number and of each subject, the oldest first."""

    by_number: dict[tuple[int, int], list[E]] = field(default_factory=dict)
    by_subject: dict[tuple[int, str], list[E]] = field(default_factory=dict)

    def add(self, organisation: int, number: int | None, subject: str, event: E) -> None:
        """Put it behind those that are known."""
        if number is not None:
            self.by_number.setdefault((organisation, number), []).append(event)
        self.by_subject.setdefault((organisation, subject), []).append(event)

    def of(self, request: DialRequest, per: str) -> Sequence[E]:
        """Those of the request's number, or of its subject and of dials of its number that named no subject."""
        of_number = self.by_number.get((request.organisation, to_digits(request.number)), [])
        if per == "number" or request.subject.startswith(NO_LEAD):
            return of_number
        of_subject = self.by_subject.get((request.organisation, request.subject), [])
        nameless = [event for event in of_number if event.subject.startswith(NO_LEAD)]
        return sorted([*of_subject, *nameless]) if nameless else of_subject


@dataclass(slots=True)
class History:
    """Earlier dials and contacts, as far back as a cap or a lock-out looks, and what law they are held against."""

    law: Law
    dials: Events[Dial] = field(default_factory=Events)
    contacts: Events[Met] = field(default_factory=Events)

    def note_dial(self, request: DialRequest, at: datetime) -> None:
        """This dial was just permitted: it counts for those behind it in the batch."""
        dial = Dial(at, topic_of(request.topic, request.campaign), request.subject)
        self.dials.add(request.organisation, to_digits(request.number), request.subject, dial)


def topic_of(topic: str, campaign: int) -> str:
    """The subject matter that caps count by; a campaign without one is its own."""
    return topic or f"campaign:{campaign}"


def gather(requests: Sequence[DialRequest], now: datetime, overrides: Mapping[int, Overrides]) -> History:
    """One query for dials; one for contacts where a lock-out holds for a request of the batch."""
    history = History(Law(now, overrides))
    asked = [(request, history.law.of(request)) for request in requests]
    capped = [request for request, (caps, _) in asked if caps]
    spans = {cap.span for _, (caps, _) in asked for cap in caps}
    _read_dials(history, requests, capped, _earliest(now, spans))
    locked = [request for request, (_, locks) in asked if locks]
    if locked:
        hours = max(lock.hours for _, (_, locks) in asked for lock in locks)
        _read_contacts(history, locked, now - timedelta(hours=hours))
    return history


def _earliest(now: datetime, spans: Iterable[Span]) -> datetime:
    return min(span.earliest(now) for span in {ATTEMPTS, *spans})


def _read_dials(
    history: History, requests: Sequence[DialRequest], capped: Sequence[DialRequest], since: datetime
) -> None:
    granted = Decision.objects.filter(reason="", at__gt=since)
    for organisation, number, subject, at, topic, campaign, _ in _of(
        granted, requests, capped, "topic", "campaign"
    ):
        history.dials.add(organisation, number, subject, Dial(at, topic_of(topic, campaign), subject))


def _read_contacts(history: History, requests: Sequence[DialRequest], since: datetime) -> None:
    contacts = Contact.objects.filter(at__gt=since)
    for organisation, number, subject, at, kind, _ in _of(contacts, requests, requests, "kind"):
        history.contacts.add(organisation, number, subject, Met(at, kind, subject))


def _of(
    rows: Any, by_subject: Sequence[DialRequest], by_number: Sequence[DialRequest], *names: str
) -> Iterable[tuple[Any, ...]]:
    """Rows of these subjects and of these numbers, each once, the oldest first; two indexes, one query."""
    columns = ("organisation_id", "number", "subject", "at", *names, "id")
    rows = rows.filter(organisation__in={request.organisation for request in by_subject}).order_by()
    found = rows.filter(subject__in={request.subject for request in by_subject}).values_list(*columns)
    numbers = {to_digits(request.number) for request in by_number if E164.fullmatch(request.number)}
    if numbers:
        found = found.union(rows.filter(number__in=numbers).values_list(*columns))
    return found.order_by("at", "id")
