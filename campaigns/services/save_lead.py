"""Add a lead by hand, change one, take it out of dialing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.choices import DIALABLE, LeadStatus, PhoneStatus
from campaigns.models import Callback, Lead, LeadPhone

from .changes import difference, facts
from .classify_leads import classify
from .ending import close_callback, locked_lead, set_standing

FIELDS = (
    *("first_name", "last_name", "company", "email", "address", "city", "state", "postal_code", "country"),
    *("time_zone", "external_id", "notes"),
)


@transaction.atomic
def save_lead(lead: Lead, actor: User, values: Mapping[str, Any], numbers: Sequence[str]) -> Lead:
    """Write a lead, stored or new with its list set, and its numbers in this order (E.164).

    A number that stays keeps what is known of it; one that is taken out goes. The log names the fields that
    changed, not their content. Raises ``ValidationError``.
    """
    if not numbers:
        raise ValidationError("A lead needs at least one phone number.")
    new = lead.pk is None
    before = {} if new else facts(Lead.objects.get(pk=lead.pk), FIELDS)
    for name, value in values.items():
        setattr(lead, name, value)
    lead.organisation_id = lead.lead_list.organisation_id
    lead.full_clean(exclude=["import_job"])
    lead.save(update_fields=None if new else [*values])
    added = _set_numbers(lead, numbers)
    classify([lead.pk])
    if lead.status == LeadStatus.UNUSABLE and added:
        Lead.objects.filter(pk=lead.pk, live_call="").update(
            status=LeadStatus.RETRY, next_call_at=timezone.now()
        )
    _, changed = difference(before, facts(lead, FIELDS))
    record_audit(
        lead.organisation,
        actor,
        "lead.created" if new else "lead.changed",
        f"Lead {lead.pk}",
        {},
        {"fields": sorted(changed), "numbers_added": added},
    )
    return lead


def _set_numbers(lead: Lead, numbers: Sequence[str]) -> int:
    """Returns how many are new."""
    lead.phones.exclude(number__in=numbers).delete()
    known = {phone.number: phone for phone in lead.phones.all()}
    for position, number in enumerate(dict.fromkeys(numbers)):
        if number in known:
            LeadPhone.objects.filter(pk=known[number].pk).update(position=position)
        else:
            LeadPhone.objects.create(
                lead=lead, organisation_id=lead.organisation_id, number=number, position=position
            )
    return len(set(numbers) - set(known))


@transaction.atomic
def retire_lead(lead_id: int, actor: User) -> bool:
    """Take a waiting lead out of dialing for good; False where it is in a call or was done already."""
    lead = locked_lead(lead_id)
    if lead is None or lead.live_call or lead.status not in DIALABLE:
        return False
    close_callback(lead, timezone.now())
    set_standing(lead, LeadStatus.FINAL, None)
    lead.save(update_fields=["status", "next_call_at"])
    record_audit(lead.organisation, actor, "lead.retired", f"Lead {lead.pk}")
    return True


@transaction.atomic
def close_open_callback(callback: Callback, actor: User) -> bool:
    """The callback is not wanted any more: its lead goes back among those to be called again."""
    now = timezone.now()
    if not Callback.objects.filter(pk=callback.pk, done_at=None).update(done_at=now):
        return False
    waiting = Lead.objects.filter(pk=callback.lead_id, status=LeadStatus.CALLBACK, live_call="")
    usable = LeadPhone.objects.filter(lead=callback.lead_id, status=PhoneStatus.USABLE).exists()
    waiting.update(status=LeadStatus.RETRY if usable else LeadStatus.UNUSABLE)
    record_audit(callback.organisation, actor, "callback.closed", f"Lead {callback.lead_id}")
    return True
