"""What one browser has been told of one topic, and what it must still be told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from . import topics
from .redis import shared_redis

UNREAD_LIMIT = 500
"""Changes pushed without a frame from the client; then none until it is heard again, and a fresh snapshot."""

SendFrame = Callable[[dict[str, Any]], Awaitable[None]]


class Feed:
    """Sends snapshot and changes of a topic, each sequence once and in order.

    The consumer joins the topic's group before anything is subscribed, so no change can fall between a
    snapshot and the first push; what the snapshot already holds is dropped. Raises ``RedisError`` or
    ``OSError`` where Redis is away.
    """

    def __init__(self, topic: str, send: SendFrame) -> None:
        self.topic = topic
        self.sent_seq: int | None = None
        """The last sequence that the client was sent; None until it subscribed."""
        self._epoch = ""
        self._send = send
        self._unread = 0
        self._lock = asyncio.Lock()

    @property
    def starved(self) -> bool:
        """Whether the client has left so much unread that nothing more is pushed."""
        return self._unread >= UNREAD_LIMIT

    async def heard(self) -> None:
        """The client sent a frame, so it has read what came before."""
        was_starved, self._unread = self.starved, 0
        if was_starved and self.sent_seq is not None:
            await self.snapshot()

    async def snapshot(self) -> None:
        """Send the whole state."""
        async with self._lock:
            taken = await topics.snapshot(shared_redis(), self.topic)
            self.sent_seq, self._epoch = taken.seq, taken.epoch
            frame = {"op": "snapshot", "topic": self.topic, "server_time": time.time()}
            await self._send(frame | taken._asdict())

    async def resume(self, seq: int, epoch: str) -> None:
        """Send the changes after ``seq``, or a snapshot where they are gone or the count began anew."""
        _, current = await topics.position(shared_redis(), self.topic)
        self.sent_seq, self._epoch = seq, current
        known = current != "" and epoch in ("", current)
        if not known or not await self._missing():
            await self.snapshot()
        else:
            frame = {"op": "resumed", "topic": self.topic, "seq": self.sent_seq, "server_time": time.time()}
            await self._send(frame)

    async def changed(self, epoch: str, change: dict[str, Any]) -> None:
        """A change came through the channel layer: send it, or what was missed before it."""
        if self.sent_seq is None or self.starved:
            return
        if epoch != self._epoch:
            await self.snapshot()
        elif change["seq"] > self.sent_seq + 1:
            await self._catch_up()
        else:
            async with self._lock:
                await self._push(change)

    async def verify(self) -> None:
        """Send what was published while the channel layer had lost its subscription."""
        if self.sent_seq is None or self.starved:
            return
        seq, epoch = await topics.position(shared_redis(), self.topic)
        if epoch != self._epoch:
            await self.snapshot()
        elif seq != self.sent_seq:
            await self._catch_up()

    async def _catch_up(self) -> None:
        if not await self._missing():
            await self.snapshot()

    async def _missing(self) -> bool:
        async with self._lock:
            changes = await topics.since(shared_redis(), self.topic, self.sent_seq or 0)
            for change in changes or []:
                await self._push(msgspec.to_builtins(change))
            return changes is not None

    async def _push(self, change: dict[str, Any]) -> None:
        if self.sent_seq is None or change["seq"] != self.sent_seq + 1:
            return
        frame = {"op": "change", "topic": self.topic, "seq": change["seq"], "type": change["type"]}
        frame |= {"change": change["op"]} | {key: change[key] for key in ("id", "data") if key in change}
        self.sent_seq = change["seq"]
        self._unread += 1
        await self._send(frame)
