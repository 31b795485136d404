"""In which campaign's room an agent sits now.

Rooms hand agents to each other. Each writes the word here in the very step in which it seats an agent, hands them on
or lets them go; so whoever has something for an agent knows which room to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis

from dialer.bus.names import PREFIX

LIFE_S = 48 * 3600
"""Longer than any shift; a session's word is written anew at every move."""

UNDER_WAY_KEY = f"{PREFIX}seats:underway"
"""Hash: session → the campaign that an agent was handed to and whose room has not taken them yet."""


class Whereabouts(msgspec.Struct, frozen=True, array_like=True):
    """Of one agent's session."""

    campaign: int
    """0: in none."""
    sequence: int = 0
    """The number of the session's last change of state when this was written."""


_decoder = msgspec.msgpack.Decoder(Whereabouts)
encode = msgspec.msgpack.Encoder().encode


def key(session: str) -> str:
    """Where a session's word rests."""
    return f"{PREFIX}sits:{session}"


async def find(redis: Redis, session: str) -> Whereabouts | None:
    """Where the session's agent sits; None where no room has ever said so."""
    return (await find_all(redis, [session])).get(session)


async def find_all(redis: Redis, sessions: Sequence[str]) -> dict[str, Whereabouts]:
    """Of these sessions those of which a room has said something."""
    found: Any = await redis.mget([key(session) for session in sessions]) if sessions else []
    return {
        session: _decoder.decode(value)
        for session, value in zip(sessions, found, strict=True)
        if value is not None
    }


async def campaigns_owed_seats(redis: Redis) -> set[int]:
    """Campaigns to which an agent is under way: each needs its room, if only to let the agent go again."""
    found: Any = await redis.hvals(UNDER_WAY_KEY)
    return {int(campaign) for campaign in found}
