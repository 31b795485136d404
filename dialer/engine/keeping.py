"""What of a room rests in Redis for the next daemon: seats, calls, and how far the room's stream was read.

All of it moves in one transaction with the commands and journal lines that followed from the same messages. A
daemon that has lost its lease meets a changed epoch there, and nothing of what it wanted is done.
"""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import WatchError

from dialer.bus import names, schemas
from dialer.bus.streams import FIELD

from .lease import epoch_key
from .room.effects import Effects
from .room.model import LiveCall, Seat

JOURNAL_FIELD = b"j"
_encode = msgspec.msgpack.encode


def pacer_key(campaign: int) -> str:
    """What the campaign's pacer has learned, with its method."""
    return f"{names.PREFIX}pacer:{campaign}"


class Fenced(Exception):
    """Another daemon holds the campaign now."""


def seats_key(campaign: int) -> str:
    """Hash: agent → seat."""
    return f"{names.PREFIX}seats:{campaign}"


def calls_key(campaign: int) -> str:
    """Hash: call → live call."""
    return f"{names.PREFIX}calls:{campaign}"


def position_key(campaign: int) -> str:
    """How far the room's stream has been taken."""
    return f"{names.PREFIX}roompos:{campaign}"


async def carry_out(redis: Redis, campaign: int, epoch: int, effects: Effects, position: str) -> None:
    """Send, journal and keep in one transaction. Raises ``Fenced``, or Redis's own errors with nothing done."""
    async with redis.pipeline(transaction=True) as pipe:
        await pipe.watch(epoch_key(campaign))
        current = await pipe.get(epoch_key(campaign))
        if current is None or int(current) != epoch:
            raise Fenced
        pipe.multi()
        for node, message in effects.to_media:
            _send(pipe, names.media_stream(node), message)
        for node, message in effects.to_line:
            _send(pipe, names.line_stream(node), message)
        for record in effects.journal:
            pipe.xadd(names.journal_stream(campaign), {JOURNAL_FIELD: _encode(record)})
        _keep(pipe, seats_key(campaign), effects.kept_seats)
        _keep(pipe, calls_key(campaign), effects.kept_calls)
        if position:
            pipe.set(position_key(campaign), position)
        try:
            await pipe.execute()
        except WatchError:
            raise Fenced from None


def _send(pipe: Any, stream: str, message: schemas.Message) -> None:
    pipe.xadd(stream, {FIELD: schemas.encode(message)}, maxlen=names.STREAM_LENGTH, approximate=True)


def _keep(pipe: Any, key: str, things: Any) -> None:
    for id_, thing in things.items():
        if thing is None:
            pipe.hdel(key, str(id_))
        else:
            pipe.hset(key, str(id_), _encode(thing))


async def keep_pacer(redis: Redis, campaign: int, method: str, state: dict[str, Any]) -> None:
    """Let the next daemon go on from what was learned."""
    await redis.set(pacer_key(campaign), msgspec.json.encode({"method": method, "state": state}))


async def load_pacer(redis: Redis, campaign: int, method: str) -> dict[str, Any] | None:
    """What was learned by this method, None where nothing is kept or another method learned it."""
    kept: Any = await redis.get(pacer_key(campaign))
    found = msgspec.json.decode(kept) if kept else {}
    return found.get("state") if found.get("method") == method else None


async def load(redis: Redis, campaign: int) -> tuple[dict[int, Seat], dict[str, LiveCall], str]:
    """Seats, calls and stream position as the last holder left them."""
    seats: Any = await redis.hgetall(seats_key(campaign))
    calls: Any = await redis.hgetall(calls_key(campaign))
    position: Any = await redis.get(position_key(campaign))
    return (
        {int(id_): msgspec.msgpack.decode(value, type=Seat) for id_, value in seats.items()},
        {id_.decode(): msgspec.msgpack.decode(value, type=LiveCall) for id_, value in calls.items()},
        position.decode() if position else "0-0",
    )
