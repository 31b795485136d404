"""What the web process says about an agent who is in no campaign, on the agent's own topic."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from accounts.models import User
from dialer.live import topics

from .choices import AgentState

CHOOSE = "Choose a campaign to begin."
ROOM_TYPES = ("call", "lead", "dispositions", "pause_codes", "script", "callbacks")
"""Written by the room of a campaign; gone with it."""


def agent_entry(person: User, session: str, state: AgentState, now: float) -> dict[str, Any]:
    """The ``agent`` entry outside every campaign."""
    return {
        "id": person.pk,
        "name": person.display_name,
        "state": str(state),
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
        "notice": CHOOSE if state == AgentState.PAUSED else "",
    }


async def publish_outside(redis: Redis, person: User, session: str, state: AgentState, now: float) -> None:
    """Put the agent outside every campaign; nothing changes where the topic says so already."""
    topic = topics.agent_topic(person.pk)
    known = (await topics.snapshot(redis, topic)).state
    current = known.get("agent") or {}
    if (current.get("session"), current.get("state"), current.get("campaign")) != (session, state, None):
        await topics.publish(redis, topic, "agent", agent_entry(person, session, state, now))
    for type_ in ROOM_TYPES:
        if type_ in known:
            await topics.publish(redis, topic, type_, op="remove")
