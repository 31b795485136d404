"""What happened before with the numbers and subjects of a batch: dials that were permitted, and contacts.

Both are read only as far back as a rule looks that holds for a request of the batch, and only where one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from ..numbers import to_digits
from ..statements import Among, Statement, among, moment
from ..values import DialRequest
from .applying import Law
from .overrides import Overrides
from .spans import Span

ATTEMPTS = Span(24)
"""What the campaign's own limit of attempts looks back."""
NO_LEAD = "number:"
"""How a subject begins that is no lead: a dial by hand, which may be about any matter of that number."""
DIALS_OF_SUBJECTS = Statement(
    """SELECT organisation_id, number, subject, at, topic, campaign FROM compliance_decision
    WHERE organisation_id AMONG(%s) AND subject AMONG(%s) AND at > %s AND reason = '' ORDER BY at, id"""
)
DIALS = Statement(
    """SELECT organisation_id, number, subject, at, topic, campaign, id FROM compliance_decision
    WHERE organisation_id AMONG(%s) AND subject AMONG(%s) AND at > %s AND reason = ''
    UNION SELECT organisation_id, number, subject, at, topic, campaign, id FROM compliance_decision
    WHERE organisation_id AMONG(%s) AND number AMONG(%s) AND at > %s AND reason = '' ORDER BY at, id"""
)
CONTACTS = Statement(
    """SELECT organisation_id, number, subject, at, kind, id FROM compliance_contact
    WHERE organisation_id AMONG(%s) AND subject AMONG(%s) AND at > %s
    UNION SELECT organisation_id, number, subject, at, kind, id FROM compliance_contact
    WHERE organisation_id AMONG(%s) AND number AMONG(%s) AND at > %s ORDER BY at, id"""
)
"""An index for each half: one condition with OR would use none."""


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


E = TypeVar("E", bound=Dial | Met)


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
        """Those of the request's number, or of its subject and of its number where no subject was named.

        Asked only where law was found for the request, so its number is E.164.
        """
        of_number = self.by_number.get((request.organisation, int(request.number[1:])), ())
        if per == "number" or request.subject.startswith(NO_LEAD):
            return of_number
        of_subject = self.by_subject.get((request.organisation, request.subject), ())
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
    """The subject matter that caps count by, however it is written; a campaign without one is its own."""
    return topic.strip().casefold() or f"campaign:{campaign}"


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
    subjects = (*_organisations_and(requests, {request.subject for request in requests}), since)
    if capped:
        rows = DIALS.rows(*subjects, *_organisations_and(capped, _numbers(capped)), since)
    else:
        rows = DIALS_OF_SUBJECTS.rows(*subjects)
    for organisation, number, subject, at, topic, campaign, *_ in rows:
        dial = Dial(moment(at), topic_of(topic, campaign), subject)
        history.dials.add(organisation, number, subject, dial)


def _read_contacts(history: History, requests: Sequence[DialRequest], since: datetime) -> None:
    subjects = _organisations_and(requests, {request.subject for request in requests})
    rows = CONTACTS.rows(*subjects, since, *_organisations_and(requests, _numbers(requests)), since)
    for organisation, number, subject, at, kind, _ in rows:
        history.contacts.add(organisation, number, subject, Met(moment(at), kind, subject))


def _numbers(requests: Sequence[DialRequest]) -> set[int]:
    """Law was found for these requests, so their numbers are numbers."""
    return {to_digits(request.number) for request in requests}


def _organisations_and(requests: Sequence[DialRequest], values: Iterable[int | str]) -> tuple[Among, Among]:
    return among(request.organisation for request in requests), among(values)
