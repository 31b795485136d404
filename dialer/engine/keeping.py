"""What of a room rests in Redis for the next daemon: seats, calls, and how far the room's stream was read.

All of it moves in one transaction with the commands and journal lines that followed from the same messages. A
daemon that has lost its lease meets a changed epoch there, and nothing of what it wanted is done.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import msgspec
from redis.asyncio import Redis

from agents import whereabouts
from dialer.bus import names, schemas
from dialer.bus.streams import FIELD

from .lease import epoch_key
from .room.effects import Effects
from .room.model import LiveCall, Seat

JOURNAL_FIELD = b"j"
_encode = msgspec.msgpack.encode

# The fence, the mark of the batch and its commands, each behind the number of its words: one step and one round trip.
_CARRY_OUT = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local mark = ARGV[1] .. '.' .. ARGV[2]
if redis.call('GET', KEYS[2]) == mark then return 1 end
redis.call('SET', KEYS[2], mark)
local at = 3
while at <= #ARGV do
  local last = at + tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, last))
  at = last + 1
end
return 1
"""


def learned_key(campaign: int) -> str:
    """What the campaign's predictive pacer has learned."""
    return f"{names.PREFIX}learned:{campaign}"


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


def done_key(campaign: int) -> str:
    """The last batch that was carried out, as ``epoch.number``."""
    return f"{names.PREFIX}done:{campaign}"


async def carry_out(
    redis: Redis, campaign: int, epoch: int, number: int, effects: Effects, position: str
) -> None:
    """Send, journal and keep in one transaction, once however often it is asked for with the same ``number``.

    Raises ``Fenced``, or Redis's own errors: then all of it was done or nothing, and to ask again is the way to know.
    """
    pipe: Any = redis.pipeline(transaction=False)  # Only collects: the script sends.
    for node, message in effects.to_media:
        _send(pipe, names.media_stream(node), message)
    for node, message in effects.to_line:
        _send(pipe, names.line_stream(node), message)
    for record in effects.journal:
        pipe.xadd(names.journal_stream(campaign), {JOURNAL_FIELD: _encode(record)})
    _keep(pipe, seats_key(campaign), effects.kept_seats)
    _keep(pipe, calls_key(campaign), effects.kept_calls)
    _hand_on(pipe, effects)
    if position:
        pipe.set(position_key(campaign), position)
    commands = [part for command, _ in pipe.command_stack for part in (len(command), *command)]
    fence = (epoch_key(campaign), done_key(campaign))
    if not await cast(Any, redis).eval(_CARRY_OUT, len(fence), *fence, epoch, number, *commands):
        raise Fenced


def _send(pipe: Any, stream: str, message: schemas.Message) -> None:
    pipe.xadd(stream, {FIELD: schemas.encode(message)}, maxlen=names.STREAM_LENGTH, approximate=True)


def _keep(pipe: Any, key: str, things: Any) -> None:
    for id_, thing in things.items():
        if thing is None:
            pipe.hdel(key, str(id_))
        else:
            pipe.hset(key, str(id_), _encode(thing))


def _hand_on(pipe: Any, effects: Effects) -> None:
    """What goes to other rooms, and where agents sit from now on."""
    for campaign, message in effects.to_rooms:
        _send(pipe, names.room_stream(campaign), message)
    for given in effects.given:
        _send(pipe, names.room_stream(given.campaign), given)
        pipe.hset(whereabouts.UNDER_WAY_KEY, given.session, given.campaign)
    for session in effects.arrived:
        pipe.hdel(whereabouts.UNDER_WAY_KEY, session)
    for session, where in effects.whereabouts.items():
        pipe.set(whereabouts.key(session), whereabouts.encode(where), ex=whereabouts.LIFE_S)


async def keep_learned(redis: Redis, campaign: int, learned: dict[str, Any]) -> None:
    """Let the next daemon go on from what was learned, with its account."""
    await redis.set(learned_key(campaign), msgspec.json.encode(learned))


async def load_learned(redis: Redis, campaign: int) -> dict[str, Any] | None:
    """What was learned, None where nothing is kept."""
    kept: Any = await redis.get(learned_key(campaign))
    return msgspec.json.decode(kept) if kept else None


class Kept(NamedTuple):
    """A room as its last holder left it."""

    seats: dict[int, Seat]
    calls: dict[str, LiveCall]
    position: str
    """How far the room's stream was taken."""


async def load(redis: Redis, campaign: int) -> Kept:
    """What the last holder left; read after the epoch was raised, for until then it may change."""
    seats: Any = await redis.hgetall(seats_key(campaign))
    calls: Any = await redis.hgetall(calls_key(campaign))
    position: Any = await redis.get(position_key(campaign))
    return Kept(
        {int(id_): msgspec.msgpack.decode(value, type=Seat) for id_, value in seats.items()},
        {id_.decode(): msgspec.msgpack.decode(value, type=LiveCall) for id_, value in calls.items()},
        position.decode() if position else "0-0",
    )
