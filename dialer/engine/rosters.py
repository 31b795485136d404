"""Reading ranks, skills and shared agents for a campaign's room."""

from __future__ import annotations

from collections.abc import Iterable

from agents.models import AgentSkill, CampaignAgent
from campaigns.choices import CampaignStatus
from campaigns.models import Campaign, LeadList

from .room.roster import Roster


def load_roster(campaign: Campaign) -> Roster:
    """What the database knows now; two queries where neither skills nor shared agents are used."""
    lists = LeadList.objects.filter(campaign=campaign, active=True)
    asked = list(lists.values_list("id", "skill_id", "skill__name"))
    names = {skill: name for _, skill, name in asked if skill}
    places = _places(campaign.organisation_id)
    return Roster(
        routing=campaign.routing,
        list_skills={list_id: skill or 0 for list_id, skill, _ in asked} if names else {},
        skill_names=names,
        levels=_levels(names) if names else {},
        places=places,
        siblings=_siblings(campaign) if places else (),
    )


def _levels(skills: Iterable[int]) -> dict[int, dict[int, int]]:
    return _by_agent(AgentSkill.objects.filter(skill__in=list(skills)).values_list("agent", "skill", "level"))


def _places(organisation: int) -> dict[int, dict[int, int]]:
    rows = CampaignAgent.objects.filter(campaign__organisation=organisation)
    open_rows = rows.exclude(campaign__status=CampaignStatus.STOPPED)
    return _by_agent(open_rows.values_list("agent", "campaign", "rank"))


def _by_agent(rows: Iterable[tuple[int, int, int]]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for agent, of, value in rows:
        found.setdefault(agent, {})[of] = value
    return found


def _siblings(campaign: Campaign) -> tuple[int, ...]:
    """Every other campaign that is not stopped: agents may have joined any of them by hand."""
    others = Campaign.objects.filter(organisation=campaign.organisation_id).exclude(pk=campaign.pk)
    return tuple(others.exclude(status=CampaignStatus.STOPPED).order_by("id").values_list("id", flat=True))
