"""Two campaigns, two daemons, one agent whom both share: with a real Redis and database."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from agents.models import AgentSession, AgentStateChange, CampaignAgent
from agents.whereabouts import find
from campaigns.models import Campaign, Lead, LeadList, LeadPhone
from dialer.bus import schemas

from .scripted import ScriptedAgent, ScriptedLines, until
from .test_daemon import Floor, calls, floor, lease_of, rings, seed

__all__ = ["floor"]
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@sync_to_async
def second_campaign(first: int, agent: int) -> int:
    """Another running campaign with one lead, which shares the agent with the first; the first has none to dial."""
    north = Campaign.objects.get(pk=first)
    south = Campaign.objects.create(
        organisation=north.organisation,
        name="South",
        method="ratio",
        status="running",
        purpose="information",
        opens="00:00",
        closes="23:59",
    )
    south.caller_ids.set(north.caller_ids.all())
    leads = LeadList.objects.create(organisation=north.organisation, campaign=south, name="S")
    lead = Lead.objects.create(organisation=north.organisation, lead_list=leads)
    LeadPhone.objects.create(lead=lead, organisation=north.organisation, number="+12125550777")
    for campaign in (north, south):
        CampaignAgent.objects.create(campaign=campaign, agent_id=agent)
    return south.pk


@sync_to_async
def session_campaign() -> int | None:
    """Where the database has the agent."""
    return AgentSession.objects.get().campaign_id


@sync_to_async
def history() -> list[tuple[int, str, int | None]]:
    """The session's changes of state: number, event, campaign."""
    return list(AgentStateChange.objects.values_list("sequence", "event", "campaign"))


def room_of(floor: Floor, campaign: int) -> Any:
    """The campaign's room, in whichever daemon has it."""
    return next((d.runners[campaign].room for d in floor.daemons if campaign in d.runners), None)


async def test_an_agent_is_handed_to_another_daemon_s_room_and_outlives_both_daemons(floor: Floor) -> None:
    north, [(agent, session)], codes = await seed(leads=0, agents=1)
    south = await second_campaign(north, agent)
    assert codes
    lines = ScriptedLines(floor.redis, "line-1", rings)
    floor.background(lines.run())
    first = floor.daemon()
    await until(lambda: lease_of(floor, north))
    await until(lambda: lease_of(floor, south))
    person = ScriptedAgent(floor.redis, agent, session, north, "media-1")
    await person.arrive()
    await until(lambda: room_of(floor, north).siblings.states)
    room_of(floor, north).seats[agent].seated_at = 0.0
    room_of(floor, north).hopper_empty = True
    await until(lambda: agent in room_of(floor, south).seats)
    assert agent not in room_of(floor, north).seats
    found = await find(floor.redis, session)
    assert found is not None
    assert found.campaign == south
    (call,) = await until(lambda: calls(stage="ringing"))
    await floor.kill(first)
    second = floor.daemon()
    await until(lambda: {north, south} <= second.runners.keys())
    assert (agent in room_of(floor, north).seats, agent in room_of(floor, south).seats) == (False, True)
    await lines.answer(call.pk)
    await until(lambda: calls(stage="connected"))
    assert isinstance(await person.ask("mute", on=True), schemas.Done)
    assert room_of(floor, south).seats[agent].muted
    await until(lambda: session_is_in(south))
    numbers = [number for number, _, _ in await history()]
    assert numbers == list(range(1, len(numbers) + 1))


async def session_is_in(campaign: int) -> bool:
    """Whether the record has followed."""
    return await session_campaign() == campaign
