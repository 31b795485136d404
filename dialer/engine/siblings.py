"""The link between rooms that share agents: where an agent sits, and which rooms have work.

What must not be lost goes through the rooms' streams in ``keeping.carry_out``. Here is only what may be old: each room
says some times a second how it stands, and one that says nothing for a moment is handed nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agents import whereabouts
from agents.whereabouts import Whereabouts
from dialer.bus import names, schemas

from .room import handing
from .room.room import Room
from .room.siblings import RoomState

EXCHANGE_EVERY_S = 0.5
STATE_LIFE_MS = 2000
"""As a lease: a room whose daemon is gone is handed nobody from then on."""
RETRY_S = 0.3
CLOSED = RoomState()

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(RoomState).decode


def state_key(campaign: int) -> str:
    """What a room last said of itself."""
    return f"{names.PREFIX}roomstate:{campaign}"


class SiblingLink:
    """Of one leased campaign."""

    def __init__(self, redis: Redis, room: Room) -> None:
        self._redis, self._room = redis, room

    async def exchange(self, held: bool) -> dict[int, RoomState]:
        """Say how this room stands (``held``: it cannot dial), and hear how the others do."""
        config = self._room.config
        state = CLOSED if held else handing.own_state(self._room)
        await self._redis.set(state_key(config.campaign), _encode(state), px=STATE_LIFE_MS)
        siblings = config.roster.siblings
        found: Any = await self._redis.mget([state_key(campaign) for campaign in siblings])
        return {
            campaign: _decode(value)
            for campaign, value in zip(siblings, found, strict=True)
            if value is not None
        }

    def take(self, states: dict[int, RoomState]) -> None:
        """Let the room decide by this."""
        self._room.siblings.states = states

    async def look_up(self, messages: Sequence[Any], decided: Mapping[str, Whereabouts]) -> None:
        """Find out where the agents sit of whom these messages speak and who are not in this room.

        ``decided``: what this room has decided and Redis may not know. Waits for Redis: what came from it and cannot
        be told to the right room must not be lost.
        """
        asked = {
            message.session
            for message in messages
            if isinstance(message, (*handing.FORWARDED, schemas.SeatGiven))
            and not handing.is_here(self._room, message.agent, message.session)
        } - decided.keys()
        while asked:
            try:
                found = await whereabouts.find_all(self._redis, sorted(asked))
            except RedisError:
                await asyncio.sleep(RETRY_S)
            else:
                self._room.siblings.sits = {**found, **decided}
                return
