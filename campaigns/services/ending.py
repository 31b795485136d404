"""What the services that end a lead's call share: the lock, its phones, its callback."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from campaigns.choices import DIALABLE, LeadStatus, PhoneStatus
from campaigns.models import Callback, Lead, LeadPhone

from .classify_leads import classify


def locked_lead(lead_id: int) -> Lead | None:
    """The lead with its list and campaign, locked until the transaction ends; None where it is gone."""
    rows = Lead.objects.select_related("lead_list__campaign").select_for_update(of=("self",))
    return rows.filter(pk=lead_id).first()


def count_phone_attempt(lead: Lead, number: str) -> None:
    """One more attempt on the phone that was dialed, so that the next goes to another one."""
    LeadPhone.objects.filter(lead=lead, number=number).update(attempts=F("attempts") + 1)


def mark_phone(lead: Lead, number: str, status: PhoneStatus) -> bool:
    """Put a phone out of use; returns whether the lead has another one that is usable."""
    LeadPhone.objects.filter(lead=lead, number=number).update(status=status)
    left = LeadPhone.objects.filter(lead=lead, status=PhoneStatus.USABLE).exists()
    if left:
        classify([lead.pk])
    return left


def close_callback(lead: Lead, now: dt.datetime) -> None:
    """The callback that the lead was waiting for was called, or is no longer wanted."""
    Callback.objects.filter(lead=lead, done_at=None).update(done_at=now)


def was_done(lead: Lead) -> bool:
    """Whether the lead was not to be dialed any more when a person claimed it by hand."""
    return bool(lead.claimed_from) and lead.claimed_from not in DIALABLE


def attempts_left(lead: Lead) -> bool:
    """Whether the campaign allows another attempt; without a campaign nothing limits it."""
    campaign = lead.lead_list.campaign
    return campaign is None or lead.attempts < campaign.max_attempts


def set_standing(lead: Lead, status: LeadStatus, next_call_at: dt.datetime | None) -> None:
    """Set what comes next on the lead; the caller saves it."""
    lead.status, lead.next_call_at = status, next_call_at
