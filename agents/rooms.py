"""Asking the room of a campaign: the part of the dialing engine that runs the agents of that campaign."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from redis.asyncio import Redis

from accounts.models import User
from dialer.bus import names, schemas, streams

ANSWER_LIMIT_S = 5.0
_SLACK_S = 1.0
NO_ENGINE = schemas.Failed(
    code="no_engine",
    message="The dialing engine does not answer. Calls go on; try again in a moment.",
)


async def ask(redis: Redis, stream: str, message: Any) -> schemas.Reply:
    """Send a message and wait up to ``ANSWER_LIMIT_S`` for its reply.

    Raises ``TimeoutError`` where Redis itself hangs, ``RedisError`` or ``OSError`` where it is away.
    """
    async with asyncio.timeout(ANSWER_LIMIT_S + _SLACK_S):
        return await streams.request(redis, stream, message, ANSWER_LIMIT_S)


async def ask_room(
    redis: Redis, campaign: int, person: User, session: str, name: str, args: dict[str, Any]
) -> schemas.Done | schemas.Failed:
    """Have a command of the agent carried out by the room of the campaign."""
    command = schemas.AgentCommand(agent=person.pk, session=session, name=name, args=args)
    answer = await ask(redis, names.room_stream(campaign), command)
    if isinstance(answer, schemas.Done):
        return answer
    if isinstance(answer, schemas.Failed) and answer.code != "no_answer":
        return answer
    return NO_ENGINE


async def tell_back(redis: Redis, campaign: int, person: User, session: str) -> None:
    """The agent's console is back. The join shows it everything again, and seats an agent whom the room forgot."""
    stream = names.room_stream(campaign)
    join = schemas.AgentCommand(
        agent=person.pk, session=session, name="join", args={"name": person.display_name}
    )
    up = schemas.AgentConnection(agent=person.pk, session=session, up=True, at=time.time())
    await streams.send_many(redis, [(stream, join), (stream, up)])


async def tell_away(redis: Redis, campaign: int, person: User, session: str) -> None:
    """The agent's console went away: the room gives it some seconds to come back."""
    down = schemas.AgentConnection(agent=person.pk, session=session, up=False, at=time.time())
    await streams.send(redis, names.room_stream(campaign), down)
