"""Make a list or change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.choices import LeadStatus
from campaigns.events import announce_change
from campaigns.models import Lead, LeadList

from .changes import difference, facts

SETTINGS = ("name", "campaign_id", "active", "priority", "skill_id")


@transaction.atomic
def save_list(lead_list: LeadList, actor: User, values: Mapping[str, Any]) -> LeadList:
    """Write the list, stored or new with its organisation set; both campaigns of a list that moves are told.

    A list with a lead in a call does not move: the call's rules are its campaign's. Raises
    ``ValidationError``.
    """
    before = facts(LeadList.objects.get(pk=lead_list.pk), SETTINGS) if lead_list.pk else {}
    for name, value in values.items():
        setattr(lead_list, name, value)
    lead_list.full_clean()
    moved = bool(before) and before["campaign_id"] != lead_list.campaign_id
    if moved and Lead.objects.filter(lead_list=lead_list, status=LeadStatus.DIALING).exists():
        raise ValidationError(
            {"campaign": "A lead of this list is in a call. Switch the list off, then move it."}
        )
    lead_list.save()
    old, new = difference(before, facts(lead_list, SETTINGS))
    if new:
        record_audit(
            lead_list.organisation,
            actor,
            "list.changed" if before else "list.created",
            lead_list.name,
            old,
            new,
        )
        for campaign_id in {before.get("campaign_id"), lead_list.campaign_id}:
            if campaign_id is not None:
                announce_change(campaign_id)
    return lead_list


@transaction.atomic
def recycle_list(lead_list: LeadList, actor: User, statuses: list[str]) -> int:
    """Make leads of these statuses new again, with all their attempts; returns how many. Never those who said
    no.
    """
    allowed = {LeadStatus.FINAL, LeadStatus.EXHAUSTED}
    chosen = [status for status in statuses if status in allowed]
    leads = Lead.objects.filter(lead_list=lead_list, status__in=chosen, live_call="")
    count = leads.update(status=LeadStatus.NEW, attempts=0, outcome_counts={}, next_call_at=None)
    if count:
        record_audit(
            lead_list.organisation,
            actor,
            "list.recycled",
            lead_list.name,
            {"statuses": chosen},
            {"leads": count},
        )
        if lead_list.campaign_id is not None:
            announce_change(lead_list.campaign_id)
    return count
