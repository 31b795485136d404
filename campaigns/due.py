"""What the engine, the gate and the agent's screen know of a lead: one value, read in two queries for a whole
page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .choices import LeadStatus, PhoneStatus
from .models import Callback, Lead, LeadPhone


@dataclass(frozen=True, slots=True)
class DuePhone:
    """One phone of a lead; ``number`` is E.164 with ``+``."""

    number: str
    kind: str
    status: str
    attempts: int
    position: int


@dataclass(frozen=True, slots=True)
class DueLead:
    """A lead as it stands, with the phone to try next; ``phone`` is None only where no phone is usable."""

    lead_id: int
    organisation_id: int
    list_id: int
    attempts: int
    status: str
    first_name: str
    last_name: str
    company: str
    email: str
    address: str
    city: str
    state: str
    postal_code: str
    country: str
    time_zone: str
    external_id: str
    notes: str
    next_call_at: dt.datetime | None
    phone: DuePhone | None
    phones: tuple[DuePhone, ...]
    custom: Mapping[str, Any] = field(default_factory=dict)
    is_callback: bool = False
    callback_note: str = ""

    @property
    def name(self) -> str:
        """First and last name, or the company."""
        return f"{self.first_name} {self.last_name}".strip() or self.company


@dataclass(frozen=True, slots=True)
class DueCallback:
    """A callback that an agent owns and whose time has come."""

    callback_id: int
    agent_id: int
    due_at: dt.datetime
    note: str
    lead: DueLead


def next_phone(phones: Iterable[DuePhone]) -> DuePhone | None:
    """The usable phone with the fewest attempts, the first of those by position."""
    usable = [phone for phone in phones if phone.status == PhoneStatus.USABLE]
    return min(usable, key=lambda phone: (phone.attempts, phone.position), default=None)


def load_leads(ids: Iterable[int]) -> dict[int, DueLead]:
    """These leads by id: two queries, and one for the callbacks where a lead has agreed to one."""
    leads = list(Lead.objects.filter(pk__in=list(ids)))
    phones = _phones_of(lead.pk for lead in leads)
    notes = _callback_notes(lead.pk for lead in leads if lead.status == LeadStatus.CALLBACK)
    return {lead.pk: _due(lead, phones.get(lead.pk, ()), notes) for lead in leads}


def _phones_of(lead_ids: Iterable[int]) -> dict[int, tuple[DuePhone, ...]]:
    found: dict[int, tuple[DuePhone, ...]] = {}
    rows = LeadPhone.objects.filter(lead__in=list(lead_ids)).order_by("position", "id")
    for row in rows:
        phone = DuePhone(row.number, row.kind, row.status, row.attempts, row.position)
        found[row.lead_id] = (*found.get(row.lead_id, ()), phone)
    return found


def _callback_notes(lead_ids: Iterable[int]) -> dict[int, str]:
    wanted = list(lead_ids)
    if not wanted:
        return {}
    return dict(Callback.objects.filter(lead__in=wanted, done_at=None).values_list("lead_id", "note"))


def _due(lead: Lead, phones: tuple[DuePhone, ...], notes: Mapping[int, str]) -> DueLead:
    return DueLead(
        lead_id=lead.pk,
        organisation_id=lead.organisation_id,
        list_id=lead.lead_list_id,
        attempts=lead.attempts,
        status=lead.status,
        first_name=lead.first_name,
        last_name=lead.last_name,
        company=lead.company,
        email=lead.email,
        address=lead.address,
        city=lead.city,
        state=lead.state,
        postal_code=lead.postal_code,
        country=lead.country,
        time_zone=lead.time_zone,
        external_id=lead.external_id,
        notes=lead.notes,
        next_call_at=lead.next_call_at,
        phone=next_phone(phones),
        phones=phones,
        custom=lead.custom,
        is_callback=lead.status == LeadStatus.CALLBACK,
        callback_note=notes.get(lead.pk, ""),
    )
