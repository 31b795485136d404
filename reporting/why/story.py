"""Everything that was decided about a number and came of it, in order, and what would be decided next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from campaigns.models import Campaign, LeadPhone
from compliance.clock import gate_time
from compliance.evidence.words import Told, told
from compliance.models import Consent, Decision, DncEntry
from compliance.numbers import to_digits
from dialer.calls.models import Call
from reporting.looks import clock, lasted, look_of

from .outlook import Outlook, outlooks

SHOWN_EVENTS = 200
"""The newest decisions and calls; the rest is counted."""
SHOWN_ENTRIES = 20
GONE = "a campaign that was removed"


@dataclass(frozen=True, slots=True)
class CallTold:
    """What became of a call."""

    id: str
    outcome: str
    agent: str
    talk: str
    disposition: str
    sip: str


@dataclass(frozen=True, slots=True)
class Event:
    """A decision with the call it led to; or a call without one, which the gate never let through."""

    at: datetime
    campaign: str
    decision: Told | None
    call: CallTold | None


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a number in one organisation. Dates in words are on the active time zone's calendar."""

    number: str
    now: datetime
    """On the gate's clock."""
    notes: tuple[str, ...]
    """What stands about it in the organisation's own records: do-not-call, consents, revocations."""
    events: tuple[Event, ...]
    """In order of time."""
    left_out: int
    """Older decisions that are not among the events."""
    leads: int
    outlooks: tuple[Outlook, ...]

    @property
    def known(self) -> bool:
        """Whether there is any trace of the number."""
        return bool(self.notes or self.events or self.leads)


def tell(organisation_id: int, number: str, now: datetime, campaign: int | None = None) -> Story:
    """The story of a number (E.164); ``now`` is on the gate's clock, ``campaign`` narrows it to one.

    Raises ``ValueError`` where ``number`` is not E.164.
    """
    digits = to_digits(number)
    decisions = Decision.objects.filter(organisation=organisation_id, number=digits)
    calls = Call.objects.filter(organisation=organisation_id, number=number)
    if campaign is not None:
        decisions, calls = decisions.filter(campaign=campaign), calls.filter(campaign=campaign)
    newest = list(decisions.order_by("-at", "-sequence")[:SHOWN_EVENTS])
    related = calls.select_related("agent", "disposition").order_by("-placed_at")
    return Story(
        number=number,
        now=now,
        notes=(*_dnc_notes(organisation_id, digits), *_consent_notes(organisation_id, digits)),
        events=tuple(_events(newest, list(related[:SHOWN_EVENTS]))),
        left_out=max(0, decisions.count() - SHOWN_EVENTS),
        leads=LeadPhone.objects.filter(organisation=organisation_id, number=number).count(),
        outlooks=tuple(outlooks(organisation_id, number, now, campaign)),
    )


def _events(decisions: list[Decision], calls: list[Call]) -> list[Event]:
    names = dict(Campaign.objects.filter(pk__in=_campaigns(decisions, calls)).values_list("pk", "name"))
    by_id = {call.pk: call for call in calls}
    events = []
    for decision in decisions:
        call = by_id.pop(decision.call, None) if not decision.reason else None
        name = names.get(decision.campaign, GONE)
        events.append(Event(decision.at, name, told(decision), _told(call) if call else None))
    undecided = by_id.values() if len(decisions) < SHOWN_EVENTS else ()
    events += [
        Event(gate_time(each.placed_at), names[each.campaign_id], None, _told(each)) for each in undecided
    ]
    return sorted(events, key=lambda event: (event.at, event.decision.sequence if event.decision else 0))


def _campaigns(decisions: Iterable[Decision], calls: Iterable[Call]) -> set[int]:
    return {decision.campaign for decision in decisions} | {call.campaign_id for call in calls}


def _told(call: Call) -> CallTold:
    return CallTold(
        id=call.pk,
        outcome=look_of(call).label,
        agent=call.agent.display_name if call.agent else "",
        talk=clock(lasted(call.connected_at, call.ended_at)) if call.connected_at else "",
        disposition=call.disposition.name if call.disposition else "",
        sip=f"{call.sip_code} {call.sip_reason}".strip() if call.sip_code else "",
    )


def _dnc_notes(organisation_id: int, digits: int) -> list[str]:
    entry = DncEntry.objects.filter(organisation=organisation_id, number=digits).first()
    if entry is None:
        return []
    by = f" by {entry.created_by}" if entry.created_by else ""
    note = f" “{entry.note}”" if entry.note else ""
    day = f"{timezone.localtime(entry.created_at):%-d %B %Y}"
    return [f"On your do-not-call list since {day}: {entry.get_source_display().lower()}{by}.{note}"]


def _consent_notes(organisation_id: int, digits: int) -> list[str]:
    entries = Consent.objects.filter(organisation=organisation_id, number=digits).order_by("-given_at", "-id")
    return [_consent_note(entry) for entry in entries[:SHOWN_ENTRIES]]


def _consent_note(entry: Consent) -> str:
    day = f"{timezone.localtime(entry.given_at):%-d %B %Y}"
    until = f", until {timezone.localtime(entry.expires_at):%-d %B %Y}" if entry.expires_at else ""
    return f"{entry.get_kind_display()}, {day}{until} ({entry.get_means_display().lower()})."
