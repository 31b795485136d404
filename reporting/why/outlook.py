"""What the gate would answer about a lead's number now, and when its campaign may next call it.

The gate itself is asked, at the moment it names for its next answer, until it would permit the dial: nothing of its
rules is repeated here.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from campaigns.choices import DIALABLE, LeadStatus, PhoneStatus
from campaigns.due import DueLead, load_leads
from campaigns.models import LeadList, LeadPhone
from compliance.choices import DialKind, Refused
from compliance.clock import gate_time
from compliance.evidence.words import NEXT_STEPS, reason_label
from compliance.gate import DialRequest, Gate
from dialer.engine.configs import load_config
from dialer.engine.hopper import as_due, dial_request
from dialer.engine.room.config import RoomConfig

MAX_STEPS = 40
"""Answers of the gate that are followed; a window, a cap and an hour that change places need a handful."""
MAX_LEADS = 20
"""Leads that share a number and are told of; more are a mistake in the lists."""
LEAST_STEP = timedelta(seconds=1)
SET_BY_A_PERSON = frozenset({Refused.STOPPED, Refused.CAMPAIGN_STATUS})
"""Not of this number: told, and then looked past."""
NO_KEY = b""
"""A gate that only scrubs seals nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the gate answers at one moment."""

    at: datetime
    reason: str
    label: str
    detail: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """One campaign that has the number among its leads, or was asked about."""

    campaign: int
    campaign_name: str
    lead: int | None
    lead_list: str
    in_the_way: tuple[str, ...]
    """What keeps the campaign from calling although the gate would permit it: for a person to change."""
    steps: tuple[Step, ...]
    """The gate's refusals from now on, in order of time; none: it would permit the dial now."""
    next_at: datetime | None
    """From when on the gate would permit it, on its clock; None: never by itself."""

    @property
    def allowed_now(self) -> bool:
        """Whether nothing at all is in the way of a dial at this moment."""
        return not self.in_the_way and not self.steps and self.next_at is not None


def outlooks(organisation_id: int, number: str, now: datetime, campaign: int | None = None) -> list[Outlook]:
    """For every campaign with a lead that has this number (E.164); ``now`` is on the gate's clock.

    With ``campaign`` only that one, and also where the number is no lead of it: as if dialed by hand.
    """
    phones = LeadPhone.objects.filter(organisation=organisation_id, number=number)
    phones = phones.filter(lead__lead_list__campaign__isnull=False)
    if campaign is not None:
        phones = phones.filter(lead__lead_list__campaign=campaign)
    ids = list(phones.order_by("lead_id").values_list("lead_id", flat=True)[:MAX_LEADS])
    leads = load_leads(ids)
    found = [_of_lead(leads[pk], number, now) for pk in ids if pk in leads]
    if not found and campaign is not None:
        return [_by_hand(campaign, number, now)]
    return found


def _of_lead(lead: DueLead, number: str, now: datetime) -> Outlook:
    lead_list = LeadList.objects.get(pk=lead.list_id)
    config = load_config(lead_list.campaign_id or 0)
    assert config is not None, "the phone was found by its campaign"
    phone = next(phone for phone in lead.phones if phone.number == number)
    item = as_due(dataclasses.replace(lead, phone=phone), [])
    request = dial_request(config, "", "", item, DialKind.AUTO, 0, None)
    steps, next_at = follow(request, max(now, _not_before(lead, now)))
    return Outlook(
        campaign=config.campaign,
        campaign_name=config.name,
        lead=lead.lead_id,
        lead_list=lead_list.name,
        in_the_way=tuple(_in_the_way(lead, lead_list, phone.status)) + tuple(_set_by_people(config)),
        steps=tuple(steps),
        next_at=next_at,
    )


def _by_hand(campaign: int, number: str, now: datetime) -> Outlook:
    config = load_config(campaign)
    assert config is not None, "the caller has looked the campaign up"
    item: dict[str, Any] = {"number": number, "screen": None, "request": {}}
    steps, next_at = follow(dial_request(config, "", "", item, DialKind.MANUAL, 0, None), now)
    return Outlook(campaign, config.name, None, "", tuple(_set_by_people(config)), tuple(steps), next_at)


def follow(request: DialRequest, start: datetime) -> tuple[list[Step], datetime | None]:
    """The gate's refusals from ``start`` on, and the moment of its first grant, None where none comes by itself."""
    request = dataclasses.replace(request, dialing_stopped=False, campaign_dialing=True)
    moment = start
    steps: list[Step] = []
    for _ in range(MAX_STEPS):
        (refused,) = Gate(NO_KEY, clock=partial(_shows, moment)).scrub([request])
        if refused is None:
            return steps, moment
        reason = refused.reason.value
        steps.append(Step(moment, reason, reason_label(reason), refused.detail, NEXT_STEPS.get(reason, "")))
        if refused.retry_at is None:
            return steps, None
        moment = max(refused.retry_at, moment + LEAST_STEP)
    return steps, None


def _shows(moment: datetime) -> datetime:
    return moment


def _not_before(lead: DueLead, now: datetime) -> datetime:
    waits = lead.status in DIALABLE and lead.next_call_at is not None
    return gate_time(lead.next_call_at) if waits and lead.next_call_at else now


def _in_the_way(lead: DueLead, lead_list: LeadList, phone: str) -> list[str]:
    found = []
    if lead.status == LeadStatus.DIALING:
        found.append("The lead is in a call now.")
    elif lead.status not in DIALABLE:
        found.append(
            f"The lead stands at “{LeadStatus(lead.status).label}”: its campaign does not call it again."
        )
    if phone != PhoneStatus.USABLE:
        found.append(f"This phone of the lead is marked “{PhoneStatus(phone).label}”.")
    if not lead_list.active:
        found.append(f"The list “{lead_list.name}” is switched off.")
    return found


def _set_by_people(config: RoomConfig) -> list[str]:
    notes = [config.stopped_note] if config.dialing_stopped else []
    return [*notes, config.status_note] if config.status_note else notes
