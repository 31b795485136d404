"""Make a campaign that has everything it needs but lists, trunks and caller IDs."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from accounts.services.record_audit import record_audit
from campaigns import defaults
from campaigns.lawful import check_limit, check_target, lawful_rule
from campaigns.models import Campaign, Disposition, RecycleRule


@transaction.atomic
def create_campaign(organisation: Organisation, actor: User | str, name: str, **values: Any) -> Campaign:
    """A stopped campaign with the default dispositions and recycle rules; the organisation gets its pause
    codes.

    ``values`` are fields of the campaign; without a limit of abandoned calls it gets the highest that is lawful.
    Raises ``django.core.exceptions.ValidationError`` where they do not fit.
    """
    campaign = Campaign(organisation=organisation, name=name, **values)
    if "abandon_limit" not in values:
        campaign.abandon_limit = min(campaign.abandon_limit, lawful_rule(campaign).limit)
    if not campaign.safe_harbour_text:
        campaign.safe_harbour_text = defaults.SAFE_HARBOUR_TEXT
    check_target(campaign)
    campaign.full_clean()
    check_limit(campaign)
    campaign.save()
    add_default_dispositions(campaign)
    add_default_recycle_rules(campaign)
    add_default_pause_codes(organisation)
    record_audit(organisation, actor, "campaign.created", campaign.name, {}, {"method": campaign.method})
    return campaign


def add_default_dispositions(campaign: Campaign) -> None:
    """The usual things an agent says of a call."""
    Disposition.objects.bulk_create(
        Disposition(campaign=campaign, position=position, **values)
        for position, values in enumerate(defaults.DISPOSITIONS)
    )


def add_default_recycle_rules(campaign: Campaign) -> None:
    """When a lead is called again after each outcome that allows it."""
    RecycleRule.objects.bulk_create(
        RecycleRule(campaign=campaign, **values) for values in defaults.RECYCLE_RULES
    )


def add_default_pause_codes(organisation: Organisation) -> None:
    """The usual reasons for a pause, where the organisation has none yet."""
    if organisation.pause_codes.exists():
        return
    for position, (code, name) in enumerate(defaults.PAUSE_CODES):
        organisation.pause_codes.create(code=code, name=name, position=position)
