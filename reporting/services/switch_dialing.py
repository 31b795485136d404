"""Stop all dialing of an organisation, and let it go on."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.stop_dialing import resume_dialing, stop_dialing
from campaigns.choices import CampaignStatus
from campaigns.events import announce_change
from campaigns.models import Campaign
from reporting.selectors.floor import count_live_calls


@transaction.atomic
def stop_all(actor: User) -> int:
    """Stop; returns how many calls are live. Unanswered ones are cancelled by the engine, talks go on."""
    stop_dialing(actor.organisation, actor, timezone.now())
    _announce(actor.organisation_id)
    return count_live_calls(actor.organisation_id)


@transaction.atomic
def resume_all(actor: User) -> None:
    """Let campaigns dial again, each in the status that it has."""
    resume_dialing(actor.organisation, actor)
    _announce(actor.organisation_id)


def _announce(organisation_id: int) -> None:
    """Every daemon that holds one of the campaigns reads the switch again."""
    held = Campaign.objects.filter(organisation=organisation_id).exclude(status=CampaignStatus.STOPPED)
    for campaign in held.values_list("pk", flat=True):
        announce_change(campaign)
