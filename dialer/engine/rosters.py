"""Reading ranks, skills and shared agents for campaigns' rooms."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from agents.models import AgentSkill, CampaignAgent
from campaigns.choices import CampaignStatus
from campaigns.models import Campaign, LeadList

from .room.roster import Roster


def load_rosters(campaigns: Collection[Campaign]) -> dict[int, Roster]:
    """What the database knows now, by campaign; of many campaigns with no more queries than of one."""
    asked: dict[int, list[tuple[int, int | None, str]]] = {campaign.pk: [] for campaign in campaigns}
    rows = LeadList.objects.filter(campaign__in=campaigns, active=True)
    for campaign, list_id, skill, name in rows.values_list("campaign", "id", "skill_id", "skill__name"):
        asked[campaign].append((list_id, skill, name))
    skills = {skill for lists in asked.values() for _, skill, _ in lists if skill}
    levels = _levels(skills) if skills else {}
    organisations = {campaign.organisation_id for campaign in campaigns}
    places = {organisation: _places(organisation) for organisation in organisations}
    open_ones = {organisation: _open(organisation) for organisation in organisations if places[organisation]}
    return {
        campaign.pk: _roster(
            campaign,
            asked[campaign.pk],
            levels,
            places[campaign.organisation_id],
            open_ones.get(campaign.organisation_id, ()),
        )
        for campaign in campaigns
    }


def _roster(
    campaign: Campaign,
    lists: list[tuple[int, int | None, str]],
    levels: dict[int, dict[int, int]],
    places: dict[int, dict[int, int]],
    open_ones: Iterable[int],
) -> Roster:
    names = {skill: name for _, skill, name in lists if skill}
    here = {agent: {skill: of[skill] for skill in of if skill in names} for agent, of in levels.items()}
    return Roster(
        routing=campaign.routing,
        list_skills={list_id: skill or 0 for list_id, skill, _ in lists} if names else {},
        skill_names=names,
        levels={agent: of for agent, of in here.items() if of},
        places=places,
        siblings=tuple(other for other in open_ones if other != campaign.pk),
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


def _open(organisation: int) -> tuple[int, ...]:
    """Every campaign that is not stopped: agents may have joined any of them by hand."""
    running = Campaign.objects.filter(organisation=organisation).exclude(status=CampaignStatus.STOPPED)
    return tuple(running.order_by("id").values_list("id", flat=True))
