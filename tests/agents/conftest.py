"""What the console's tests share: an agent with a campaign, a scripted room, a media node's heartbeat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from asgiref.sync import sync_to_async

from accounts.models import User
from campaigns.choices import CampaignStatus
from campaigns.models import Campaign
from tests.live.conftest import agent, live
from tests.live.helpers import Browser, sign_in

from .room import Room

__all__ = ["agent", "live"]


@pytest_asyncio.fixture
async def campaign(agent: User) -> Campaign:
    """A running campaign of the agent's organisation."""
    return await make_campaign(agent, "Spring renewals")


@sync_to_async
def make_campaign(person: User, name: str, status: str = CampaignStatus.RUNNING) -> Campaign:
    """A campaign of the person's organisation."""
    return Campaign.objects.create(organisation=person.organisation, name=name, status=status)


@pytest_asyncio.fixture
async def room(live: Any, agent: User, campaign: Campaign) -> AsyncIterator[Room]:
    """The room of that campaign."""
    async with Room(live, campaign.pk, agent.pk) as room:
        yield room


@pytest_asyncio.fixture
async def console(agent: User) -> AsyncIterator[Browser]:
    """The agent's console, not yet connected."""
    console = Browser("/ws/agent", cookie=await sign_in(agent))
    yield console
    if console.greeted:
        await console.disconnect()
