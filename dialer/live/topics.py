"""Live topics: state that browsers follow as a snapshot and numbered changes.

A topic has one writer at a time. Its state is a mapping of types; a change puts or removes one entry:
``{"seq", "type", "op", "id"?, "data"?}``; without ``id`` the whole type is replaced (or removed), with it
one entry of it. The sequence grows by exactly one a change. The state and the last ``RING`` changes rest in
Redis, so that any web process can answer snapshot and resume; a change is pushed through the channel layer to
the group of its topic. The epoch is drawn when a topic's count begins: where Redis lost its memory, a
browser's old sequence must not be taken for one of the new count.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import getrandbits
from typing import Any, Literal, NamedTuple, cast

import msgspec
from channels.layers import get_channel_layer
from redis.asyncio import Redis

from dialer.bus.names import PREFIX

RING = 2000
RACING = 32
"""Changes that may be published while a resume reads the ring; with more it becomes a snapshot."""
RING_LIFE_S = 24 * 3600
EPOCH_DIGITS = 12
MESSAGE_TYPE = "live.change"
"""The consumer's handler is ``live_change``."""

_encode = msgspec.json.encode
_decode = msgspec.json.decode

# Sequence, state and ring move together or not at all: a snapshot taken between them would lie.
_APPLY = """
redis.call('HSETNX', KEYS[1], '#epoch', ARGV[7])
local seq = redis.call('HINCRBY', KEYS[1], '#seq', 1)
local field = ARGV[1]
if ARGV[2] == 'put' then
  redis.call('HSET', KEYS[1], field, ARGV[3])
else
  redis.call('HDEL', KEYS[1], field)
end
redis.call('LPUSH', KEYS[2], '{"seq":' .. seq .. ',' .. ARGV[4])
redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[5]) - 1)
redis.call('EXPIRE', KEYS[1], ARGV[6])
redis.call('EXPIRE', KEYS[2], ARGV[6])
return {seq, redis.call('HGET', KEYS[1], '#epoch')}
"""


Operation = Literal["put", "remove"]


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One numbered change of a topic."""

    seq: int
    type: str
    op: Operation
    id: str = ""
    data: Any = None


class Update(NamedTuple):
    """A change that a topic is to have."""

    topic: str
    type: str
    data: Any = None
    id: str = ""
    op: Operation = "put"

    def change(self) -> dict[str, Any]:
        """As it travels, but for its sequence."""
        named = {"id": self.id} if self.id else {}
        told = {"data": self.data} if self.op == "put" else {}
        return {"type": self.type, "op": self.op, **named, **told}


class Snapshot(NamedTuple):
    """A topic's state (type → data, or type → id → data) and where in its count that is."""

    seq: int
    epoch: str
    state: dict[str, Any]


def agent_topic(agent: int) -> str:
    """What one agent's console shows."""
    return f"agent.{agent}"


def floor_topic(organisation: int) -> str:
    """What the supervisors of an organisation see."""
    return f"floor.{organisation}"


def group(topic: str) -> str:
    """The channel-layer group of a topic."""
    return f"live.{topic}"


def _fresh_epoch() -> str:
    return f"{getrandbits(4 * EPOCH_DIGITS):0{EPOCH_DIGITS}x}"


def _keys(topic: str) -> tuple[str, str]:
    return f"{PREFIX}live:{topic}:state", f"{PREFIX}live:{topic}:ring"


async def publish(
    redis: Redis,
    topic: str,
    type_: str,
    data: Any = None,
    *,
    id_: str = "",
    op: Operation = "put",
) -> int:
    """Change a topic and push the change; returns its sequence."""
    return (await publish_all(redis, [Update(topic, type_, data, id_, op)]))[0]


async def publish_all(redis: Redis, updates: Sequence[Update]) -> list[int]:
    """Change topics in this order, in one round trip, and push the changes; returns their sequences."""
    async with redis.pipeline(transaction=False) as pipe:
        for update in updates:
            _apply_in(pipe, update)
        answers = await pipe.execute()
    layer = get_channel_layer()
    for update, (seq, epoch) in zip(updates, answers, strict=True):
        change = {"seq": int(seq), **update.change()}
        message = {"type": MESSAGE_TYPE, "topic": update.topic, "epoch": epoch.decode(), "change": change}
        await layer.group_send(group(update.topic), message)
    return [int(seq) for seq, _ in answers]


def _apply_in(pipe: Any, update: Update) -> None:
    state, ring = _keys(update.topic)
    field, tail = f"{update.type}\x1f{update.id}", _encode(update.change())[1:]
    values = (field, update.op, _encode(update.data), tail, RING, RING_LIFE_S, _fresh_epoch())
    pipe.eval(_APPLY, 2, state, ring, *values)


async def position(redis: Redis, topic: str) -> tuple[int, str]:
    """The topic's sequence and epoch; (0, "") where nothing was published yet."""
    seq, epoch = await cast(Any, redis).hmget(_keys(topic)[0], "#seq", "#epoch")
    return int(seq or 0), (epoch or b"").decode()


async def snapshot(redis: Redis, topic: str) -> Snapshot:
    """The topic as it stands; sequence 0 and an empty state where nothing was published yet."""
    key = _keys(topic)[0]
    raw = await cast(Any, redis).hgetall(key)
    if b"#epoch" not in raw:
        await cast(Any, redis).hsetnx(key, "#epoch", _fresh_epoch())
        await redis.expire(key, RING_LIFE_S)
        raw = await cast(Any, redis).hgetall(key)
    seq = int(raw.pop(b"#seq", 0))
    epoch = raw.pop(b"#epoch").decode()
    state: dict[str, Any] = {}
    for field, value in raw.items():
        type_, _, id_ = field.decode().partition("\x1f")
        if id_:
            state.setdefault(type_, {})[id_] = _decode(value)
        else:
            state[type_] = _decode(value)
    return Snapshot(seq, epoch, state)


async def entry(redis: Redis, topic: str, type_: str, id_: str = "") -> Any:
    """One type, or one entry of it, as it stands; None where there is none."""
    raw = await cast(Any, redis).hget(_keys(topic)[0], f"{type_}\x1f{id_}")
    return _decode(raw) if raw else None


async def since(redis: Redis, topic: str, seq: int) -> list[Change] | None:
    """The changes after ``seq``, oldest first; None when the ring no longer has them all."""
    state, ring = _keys(topic)
    current = int(await cast(Any, redis).hget(state, "#seq") or 0)
    if seq > current or current - seq > RING:
        return None
    raw = await cast(Any, redis).lrange(ring, 0, current - seq + RACING)
    kept = [_decode(item, type=Change) for item in reversed(raw)]
    changes = [change for change in kept if change.seq > seq]
    expected = list(range(seq + 1, seq + 1 + len(changes)))
    if [change.seq for change in changes] != expected or (changes[-1].seq if changes else seq) < current:
        return None
    return changes


def apply(state: dict[str, Any], change: Change) -> None:
    """Do to a snapshot what the change says (the browsers' rule, for tests and for practice agents)."""
    if change.op == "put":
        if change.id:
            state.setdefault(change.type, {})[change.id] = change.data
        else:
            state[change.type] = change.data
    elif change.id:
        state.get(change.type, {}).pop(change.id, None)
    else:
        state.pop(change.type, None)
