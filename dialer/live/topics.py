"""Live topics: state that browsers follow as a snapshot and numbered changes.

A topic has one writer at a time. Its state is a mapping of types; a change puts or removes one entry:
``{"seq", "type", "op", "id"?, "data"?}``; without ``id`` the whole type is replaced (or removed), with it one entry of it. The sequence grows
by exactly one a change. The state and the last ``RING`` changes rest in Redis, so that any web process can answer
snapshot and resume; a change is pushed through the channel layer to the group of its topic.
"""

from __future__ import annotations

from typing import Any, Literal, cast

import msgspec
from channels.layers import get_channel_layer
from redis.asyncio import Redis

from dialer.bus.names import PREFIX

RING = 2000
RING_LIFE_S = 24 * 3600
MESSAGE_TYPE = "live.change"
"""The consumer's handler is ``live_change``."""

_encode = msgspec.json.encode
_decode = msgspec.json.decode

# Sequence, state and ring move together or not at all: a snapshot taken between them would lie.
_APPLY = """
local seq = redis.call('HINCRBY', KEYS[1], '#seq', 1)
local field = ARGV[1]
if ARGV[2] == 'put' then redis.call('HSET', KEYS[1], field, ARGV[3]) else redis.call('HDEL', KEYS[1], field) end
redis.call('LPUSH', KEYS[2], '{"seq":' .. seq .. ',' .. ARGV[4])
redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[5]) - 1)
redis.call('EXPIRE', KEYS[1], ARGV[6])
redis.call('EXPIRE', KEYS[2], ARGV[6])
return seq
"""


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One numbered change of a topic."""

    seq: int
    type: str
    op: Literal["put", "remove"]
    id: str = ""
    data: Any = None


def agent_topic(agent: int) -> str:
    """What one agent's console shows."""
    return f"agent.{agent}"


def floor_topic(organisation: int) -> str:
    """What the supervisors of an organisation see."""
    return f"floor.{organisation}"


def group(topic: str) -> str:
    """The channel-layer group of a topic."""
    return f"live.{topic}"


def _keys(topic: str) -> tuple[str, str]:
    return f"{PREFIX}live:{topic}:state", f"{PREFIX}live:{topic}:ring"


async def publish(
    redis: Redis, topic: str, type_: str, data: Any = None, *, id_: str = "", op: Literal["put", "remove"] = "put"
) -> int:
    """Change a topic and push the change; returns its sequence."""
    state, ring = _keys(topic)
    change: dict[str, Any] = {"type": type_, "op": op}
    if id_:
        change["id"] = id_
    if op == "put":
        change["data"] = data
    tail = _encode(change)[1:]
    field = f"{type_}\x1f{id_}"
    seq = await cast(Any, redis).eval(_APPLY, 2, state, ring, field, op, _encode(data), tail, RING, RING_LIFE_S)
    layer = get_channel_layer()
    await layer.group_send(group(topic), {"type": MESSAGE_TYPE, "topic": topic, "change": {"seq": seq, **change}})
    return int(seq)


async def snapshot(redis: Redis, topic: str) -> tuple[int, dict[str, Any]]:
    """The topic's sequence and whole state: type → data, or type → id → data."""
    raw = await cast(Any, redis).hgetall(_keys(topic)[0])
    seq = int(raw.pop(b"#seq", 0))
    state: dict[str, Any] = {}
    for field, value in raw.items():
        type_, _, id_ = field.decode().partition("\x1f")
        if id_:
            state.setdefault(type_, {})[id_] = _decode(value)
        else:
            state[type_] = _decode(value)
    return seq, state


async def since(redis: Redis, topic: str, seq: int) -> list[Change] | None:
    """The changes after ``seq``, oldest first; None when the ring no longer has them all (take a snapshot)."""
    state, ring = _keys(topic)
    current = int(await cast(Any, redis).hget(state, "#seq") or 0)
    if seq > current or current - seq > RING:
        return None
    raw = await cast(Any, redis).lrange(ring, 0, RING - 1)
    changes = [change for change in (_decode(item, type=Change) for item in reversed(raw)) if change.seq > seq]
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
