"""What the web process says about an agent who is in no campaign, on the agent's own topic."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from accounts.models import User
from dialer.live import topics

from .choices import AgentState

ROOM_TYPES = ("call", "lead", "dispositions", "pause_codes", "script", "callbacks")
"""Written by the room of a campaign; gone with it."""


def outside_entry(person: User, session: str, notice: str, now: float) -> dict[str, Any]:
    """The ``agent`` entry outside every campaign."""
    return {
        "id": person.pk,
        "name": person.display_name,
        "state": str(AgentState.OFFLINE),
        "since": now,
        "reason": "",
        "requested": None,
        "session": session,
        "campaign": None,
        "media": "down",
        "audio_checked": False,
        "wrapup_until": None,
        "muted": False,
        "lagged": False,
        "notice": notice,
    }


async def publish_outside(redis: Redis, person: User, session: str, notice: str, now: float) -> None:
    """Put the agent outside every campaign; what the room said when it let the agent go stays."""
    topic = topics.agent_topic(person.pk)
    known = (await topics.snapshot(redis, topic)).state
    current = known.get("agent") or {}
    if current.get("session") != session or current.get("campaign") is not None:
        await topics.publish(redis, topic, "agent", outside_entry(person, session, notice, now))
    for type_ in ROOM_TYPES:
        if type_ in known:
            await topics.publish(redis, topic, type_, op="remove")


async def room_let_go(redis: Redis, person: User, session: str) -> bool:
    """Whether the room has put the agent outside by itself: the campaign ended, or the console was away too long."""
    known = (await topics.snapshot(redis, topics.agent_topic(person.pk))).state.get("agent")
    return known is not None and known.get("session") == session and known.get("campaign") is None
