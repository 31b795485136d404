"""Start, pause, drain and stop a campaign."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.choices import DIALABLE, CampaignStatus, Method
from campaigns.events import announce_change
from campaigns.models import Campaign, Lead
from campaigns.states import CampaignStep, transition

from .exhaust_leads import exhaust_leads


class NotReady(Exception):
    """The campaign cannot start; the message says what is missing and where to add it."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the campaign's status at the same moment; the message asks to look again."""

    def __init__(self) -> None:
        super().__init__("Somebody else changed this campaign just now. Look at its status and try again.")


def start_campaign(campaign_id: int, actor: User) -> Campaign:
    """Let it dial. Raises ``NotReady``, ``IllegalStep`` or ``ChangedMeanwhile``."""
    return _step(campaign_id, CampaignStep.START, actor.username)


def pause_campaign(campaign_id: int, actor: User) -> Campaign:
    """No new dials; agents and their calls stay. Raises ``IllegalStep`` or ``ChangedMeanwhile``."""
    return _step(campaign_id, CampaignStep.PAUSE, actor.username)


def drain_campaign(campaign_id: int, actor: User) -> Campaign:
    """No new dials; stopped when the last call has ended. Raises ``IllegalStep`` or ``ChangedMeanwhile``."""
    return _step(campaign_id, CampaignStep.DRAIN, actor.username)


def stop_campaign(campaign_id: int, actor: User) -> Campaign:
    """No new dials, and ringing calls are cancelled. Raises ``IllegalStep`` or ``ChangedMeanwhile``."""
    return _step(campaign_id, CampaignStep.STOP, actor.username)


def finish_drain(campaign_id: int) -> Campaign:
    """The engine's word that a draining campaign has no call left. Raises ``IllegalStep`` or
    ``ChangedMeanwhile``.
    """
    return _step(campaign_id, CampaignStep.DRAINED, "engine")


def what_is_missing(campaign: Campaign) -> str:
    """Why the campaign cannot start, in words; empty where it can."""
    if not _has_trunk(campaign):
        return "There is no enabled trunk that this campaign may use. Add one under Trunks, or enable it."
    if not campaign.caller_ids.filter(active=True).exists():
        return "The campaign has no active caller ID to show. Choose one in its settings."
    if campaign.method == Method.MANUAL:
        return ""
    if not campaign.lists.filter(active=True).exists():
        return "The campaign has no active list. Import leads into a list of this campaign."
    if not Lead.objects.filter(
        lead_list__campaign=campaign, lead_list__active=True, status__in=DIALABLE
    ).exists():
        return "No lead in the campaign's active lists is left to dial. Import leads, or recycle the list."
    return ""


def _has_trunk(campaign: Campaign) -> bool:
    """A trunk without campaigns serves all of the organisation's."""
    enabled = campaign.organisation.trunks.filter(enabled=True)
    return enabled.filter(campaigns=campaign).exists() or enabled.filter(campaigns=None).exists()


@transaction.atomic
def _step(campaign_id: int, step: CampaignStep, actor: str) -> Campaign:
    campaign = Campaign.objects.select_related("organisation").get(pk=campaign_id)
    before = CampaignStatus(campaign.status)
    after = transition(before, step)
    if step is CampaignStep.START:
        exhaust_leads(campaign_id)
        if missing := what_is_missing(campaign):
            raise NotReady(missing)
    _write(campaign, before, after, actor, timezone.now())
    record_audit(
        campaign.organisation, actor, f"campaign.{step}", campaign.name, {"status": before}, {"status": after}
    )
    announce_change(campaign_id)
    return campaign


def _write(
    campaign: Campaign, before: CampaignStatus, after: CampaignStatus, actor: str, now: dt.datetime
) -> None:
    changed = {"status": after, "status_changed_at": now, "status_changed_by": actor}
    if not Campaign.objects.filter(pk=campaign.pk, status=before).update(**changed):
        raise ChangedMeanwhile
    for name, value in changed.items():
        setattr(campaign, name, value)
