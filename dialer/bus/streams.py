"""Sending and reading messages over Redis streams, requests with a reply, and heartbeats."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from . import names, schemas

FIELD = b"m"
BLOCK_MS = 1000
REPLY_LIFE_S = 30
SILENCE_LIMIT_S = 8.0
"""A network that swallows everything closes no connection. Longer than the longest wait that is meant (5 s)."""


def connect(url: str, limit_s: float = SILENCE_LIMIT_S, **options: Any) -> Redis:
    """A client for streams: errors are shown at once, and ``limit_s`` seconds without an answer are one."""
    return Redis.from_url(
        url, socket_timeout=limit_s, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0), **options
    )


async def send(redis: Redis, stream: str, message: schemas.Message) -> None:
    """Append one message."""
    await redis.xadd(stream, {FIELD: schemas.encode(message)}, maxlen=names.STREAM_LENGTH, approximate=True)


async def send_many(redis: Redis, pairs: Sequence[tuple[str, schemas.Message]]) -> None:
    """Append several messages in one round trip, in order."""
    async with redis.pipeline(transaction=False) as pipe:
        for stream, message in pairs:
            pipe.xadd(stream, {FIELD: schemas.encode(message)}, maxlen=names.STREAM_LENGTH, approximate=True)
        await pipe.execute()


class Reader:
    """Reads some streams from given positions on; the set of streams may change while it runs.

    A message that does not fit the schema is handed to ``on_bad`` (stream, position, error) and passed over.
    """

    def __init__(self, redis: Redis, kind: object, on_bad: Any = None) -> None:
        self._redis = redis
        self._decode = schemas.decoder(kind).decode
        self._on_bad = on_bad
        self.positions: dict[str, str] = {}

    def follow(self, stream: str, position: str = "$") -> None:
        """Read this stream too, from just behind ``position`` ("0": all of it; call ``resolve`` for "$")."""
        self.positions[stream] = position

    def drop(self, stream: str) -> None:
        """Read this stream no longer."""
        self.positions.pop(stream, None)

    async def last(self, stream: str) -> str:
        """The position of the newest message of a stream, "0-0" where it is empty."""
        newest: Any = await self._redis.xrevrange(stream, count=1)
        return newest[0][0].decode() if newest else "0-0"

    async def read(self, block_ms: int = BLOCK_MS, count: int = 500) -> list[tuple[str, str, Any]]:
        """The next messages as (stream, position, message); empty when nothing came within ``block_ms``."""
        if not self.positions:
            await asyncio.sleep(block_ms / 1000)
            return []
        positions: Any = dict(self.positions)
        answer: Any = await self._redis.xread(positions, count=count, block=block_ms)
        found = []
        for raw_stream, entries in answer or []:
            stream = raw_stream.decode()
            if self.positions.get(stream) != positions[stream]:
                continue  # Dropped, or followed anew from elsewhere, while the answer was on its way.
            for raw_position, fields in entries:
                position = raw_position.decode()
                self.positions[stream] = position
                try:
                    message = self._decode(fields[FIELD])
                except (msgspec.MsgspecError, KeyError) as error:
                    if self._on_bad is not None:
                        self._on_bad(stream, position, error)
                    continue
                found.append((stream, position, message))
        return found


async def request(redis: Redis, stream: str, message: Any, timeout: float = 5.0) -> schemas.Reply:
    """Send a message that has ``reply_to`` and wait for its reply; ``Failed("no_answer")`` when none comes."""
    key = names.reply_key(uuid.uuid4().hex)
    await send(redis, stream, msgspec.structs.replace(message, reply_to=key))
    answer: Any = await redis.blpop([key], timeout=timeout)
    if answer is None:
        return schemas.Failed(
            code="no_answer", message="The dialing engine did not answer. Try again in a moment."
        )
    return schemas.decoder(schemas.Reply).decode(answer[1])


async def reply(redis: Redis, reply_to: str, message: schemas.Reply) -> None:
    """Answer a request; nothing happens where no answer is wanted."""
    if not reply_to.startswith(names.PREFIX + "reply:"):
        return
    async with redis.pipeline(transaction=False) as pipe:
        pipe.rpush(reply_to, schemas.encode(message))
        pipe.expire(reply_to, REPLY_LIFE_S)
        await pipe.execute()


async def beat(redis: Redis, status: schemas.NodeStatus) -> None:
    """Say that a node is alive."""
    key = names.node_key(status.kind, status.node)
    await redis.set(key, schemas.encode(status), px=int(names.HEARTBEAT_LIFE_S * 1000))


async def nodes(redis: Redis, kind: str) -> list[schemas.NodeStatus]:
    """The nodes of a kind whose heartbeat still lives, by id."""
    keys = sorted([key async for key in redis.scan_iter(match=names.node_key(kind, "*"), count=1000)])
    values: Any = await redis.mget(keys) if keys else []
    decode = schemas.decoder(schemas.NodeStatus).decode
    return [decode(value) for value in values if value is not None]
