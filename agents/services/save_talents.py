"""What an agent can, in which campaigns they are, and how well placed there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.services.record_audit import record_audit
from agents.models import AgentSkill, CampaignAgent
from campaigns.choices import CampaignStatus
from campaigns.events import announce_change
from campaigns.models import Campaign
from campaigns.services.changes import difference


@transaction.atomic
def save_talents(agent: User, actor: User, levels: Mapping[int, int], ranks: Mapping[int, int]) -> bool:
    """Replace the agent's skills (skill → level) and campaigns (campaign → rank), audited with both sides.

    Ids must be of the agent's organisation. Returns whether anything changed; the rooms are told.
    """
    skills, places = AgentSkill.objects.filter(agent=agent), CampaignAgent.objects.filter(agent=agent)
    before = _skill_facts(skills) | _place_facts(places)
    touched = set(places.values_list("campaign", flat=True)) | set(ranks)
    _replace(skills, "skill_id", levels, lambda of, value: AgentSkill(agent=agent, skill_id=of, level=value))
    _replace(
        places, "campaign_id", ranks, lambda of, value: CampaignAgent(agent=agent, campaign_id=of, rank=value)
    )
    old, new = difference(before, _skill_facts(skills) | _place_facts(places))
    if new:
        record_audit(agent.organisation, actor, "agent.talents_changed", agent.display_name, old, new)
        asking = Q(lists__skill__in=[*levels]) | Q(pk__in=touched)
        _tell(Campaign.objects.filter(asking, organisation=agent.organisation_id))
    return bool(new)


@transaction.atomic
def save_shared_agents(campaign: Campaign, actor: User, ranks: Mapping[int, int]) -> bool:
    """Replace whom the campaign shares (agent → rank), audited; returns whether anything changed.

    All rooms of the organisation are told: each decides where its agents are of use.
    """
    rows = CampaignAgent.objects.filter(campaign=campaign)
    before = _agent_facts(rows)
    _replace(
        rows, "agent_id", ranks, lambda of, value: CampaignAgent(campaign=campaign, agent_id=of, rank=value)
    )
    old, new = difference({"agents": before}, {"agents": _agent_facts(rows)})
    if new:
        record_audit(campaign.organisation, actor, "campaign.agents_changed", campaign.name, old, new)
        _tell(Campaign.objects.filter(organisation=campaign.organisation_id))
    return bool(new)


def _replace(rows: QuerySet[Any], key: str, wanted: Mapping[int, int], make: Any) -> None:
    """Rows that are not wanted go, the others are made or changed."""
    rows.exclude(**{f"{key}__in": list(wanted)}).delete()
    known = {getattr(row, key): row for row in rows}
    for of, value in wanted.items():
        row = known.get(of) or make(of, value)
        setattr(row, "level" if isinstance(row, AgentSkill) else "rank", value)
        row.full_clean()
        row.save()


def _skill_facts(rows: QuerySet[AgentSkill]) -> dict[str, Any]:
    return {"skills": dict(rows.order_by("skill__name").values_list("skill__name", "level"))}


def _place_facts(rows: QuerySet[CampaignAgent]) -> dict[str, Any]:
    return {"campaigns": dict(rows.order_by("campaign__name").values_list("campaign__name", "rank"))}


def _agent_facts(rows: QuerySet[CampaignAgent]) -> dict[str, int]:
    return dict(rows.order_by("agent__username").values_list("agent__username", "rank"))


def _tell(campaigns: QuerySet[Campaign]) -> None:
    running: Iterable[int] = campaigns.exclude(status=CampaignStatus.STOPPED).values_list("id", flat=True)
    for campaign in set(running):
        announce_change(campaign)
