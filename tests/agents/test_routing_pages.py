"""Pages of routing: they save, audit, tell the rooms, and stay within the organisation."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEntry, Organisation, User
from agents.models import AgentSkill, CampaignAgent
from campaigns.models import Campaign, LeadList, Skill
from dialer.engine.rosters import load_rosters
from tests.accounts.makers import client_of, make_organisation, make_person

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def organisation() -> Organisation:
    return make_organisation()


@pytest.fixture
def ada(organisation: Organisation) -> Client:
    return client_of(make_person(organisation, "ada", Role.ADMINISTRATOR))


@pytest.fixture
def amy(organisation: Organisation) -> User:
    return make_person(organisation, "amy", Role.AGENT)


@pytest.fixture
def campaign(organisation: Organisation) -> Campaign:
    return Campaign.objects.create(organisation=organisation, name="Spring", status="running")


@pytest.fixture
def spanish(organisation: Organisation) -> Skill:
    return Skill.objects.create(organisation=organisation, name="Spanish")


def test_routing_and_ranks_of_a_campaign_are_saved_and_audited(
    ada: Client, amy: User, campaign: Campaign
) -> None:
    address = f"/campaigns/{campaign.pk}/agents/"
    answer = ada.post(address, {"routing": "rank", f"rank-{amy.pk}": "2"})
    assert answer.status_code == 302
    roster = load_rosters([Campaign.objects.get(pk=campaign.pk)])[campaign.pk]
    assert (roster.routing, roster.rank(amy.pk, campaign.pk)) == ("rank", 2)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"campaign.changed", "campaign.agents_changed"} <= actions
    ada.post(address, {"routing": "rank", f"rank-{amy.pk}": ""})
    assert not CampaignAgent.objects.exists()


@pytest.mark.parametrize("rank", ["0", "10", "first"])
def test_a_rank_that_cannot_be_is_refused_and_nothing_is_lost(
    ada: Client, amy: User, campaign: Campaign, rank: str
) -> None:
    CampaignAgent.objects.create(campaign=campaign, agent=amy, rank=3)
    answer = ada.post(f"/campaigns/{campaign.pk}/agents/", {"routing": "rank", f"rank-{amy.pk}": rank})
    assert answer.status_code == 200
    assert "field-errors" in answer.content.decode()
    assert CampaignAgent.objects.get().rank == 3
    assert Campaign.objects.get(pk=campaign.pk).routing == "longest"


def test_a_person_s_skills_and_campaigns_are_saved_in_one_audited_step(
    ada: Client, amy: User, campaign: Campaign, spanish: Skill
) -> None:
    address = f"/people/{amy.pk}/skills/"
    ada.post(address, {f"level-{spanish.pk}": "1", f"rank-{campaign.pk}": "4"})
    assert AgentSkill.objects.get().level == 1
    assert CampaignAgent.objects.get().rank == 4
    entry = AuditEntry.objects.get(action="agent.talents_changed")
    assert entry.after == {"skills": {"Spanish": 1}, "campaigns": {"Spring": 4}}
    ada.post(address, {f"level-{spanish.pk}": "1", f"rank-{campaign.pk}": "4"})
    assert AuditEntry.objects.filter(action="agent.talents_changed").count() == 1


def test_a_skill_is_made_renamed_and_taken_away(ada: Client, campaign: Campaign) -> None:
    ada.post("/leads/skills/", {"name": "Spanish"})
    skill = Skill.objects.get()
    LeadList.objects.create(organisation=campaign.organisation, campaign=campaign, name="L", skill=skill)
    ada.post(f"/leads/skills/{skill.pk}/", {"name": "Castilian"})
    assert load_rosters([campaign])[campaign.pk].skill_names == {skill.pk: "Castilian"}
    ada.post(f"/leads/skills/{skill.pk}/delete/")
    assert LeadList.objects.get().skill is None
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["skill.created", "skill.changed", "skill.deleted"]


def test_two_skills_of_one_name_are_refused_in_words(ada: Client, spanish: Skill) -> None:
    answer = ada.post("/leads/skills/", {"name": "Spanish"})
    assert "There is a skill of this name already." in answer.content.decode()
    assert Skill.objects.count() == 1


def test_a_list_asks_for_a_skill_of_its_own_organisation(
    ada: Client, campaign: Campaign, spanish: Skill
) -> None:
    leads = LeadList.objects.create(organisation=campaign.organisation, campaign=campaign, name="L")
    foreign = Skill.objects.create(organisation=make_organisation("Other"), name="Welsh")
    values = {"name": "L", "campaign": campaign.pk, "priority": 0, "active": "on"}
    ada.post(f"/leads/lists/{leads.pk}/", {**values, "skill": foreign.pk})
    assert LeadList.objects.get().skill is None
    ada.post(f"/leads/lists/{leads.pk}/", {**values, "skill": spanish.pk})
    assert LeadList.objects.get().skill == spanish
    assert load_rosters([campaign])[campaign.pk].list_skills == {leads.pk: spanish.pk}


def test_nothing_of_another_organisation_is_found(amy: User, campaign: Campaign, spanish: Skill) -> None:
    stranger = client_of(make_person(make_organisation("Other"), "eve", Role.ADMINISTRATOR))
    pages = [
        f"/campaigns/{campaign.pk}/agents/",
        f"/people/{amy.pk}/skills/",
        f"/leads/skills/{spanish.pk}/",
    ]
    assert [stranger.get(page).status_code for page in pages] == [404, 404, 404]
    assert stranger.post(f"/leads/skills/{spanish.pk}/delete/").status_code == 404


def test_a_reader_sees_the_routing_and_changes_nothing(
    organisation: Organisation, amy: User, campaign: Campaign
) -> None:
    rita = client_of(make_person(organisation, "rita", Role.READER))
    address = f"/campaigns/{campaign.pk}/agents/"
    assert "disabled" in rita.get(address).content.decode()
    assert rita.post(address, {"routing": "rank", f"rank-{amy.pk}": "1"}).status_code == 403
    assert rita.get("/leads/skills/").status_code == 200
    assert rita.post("/leads/skills/", {"name": "Spanish"}).status_code == 403
