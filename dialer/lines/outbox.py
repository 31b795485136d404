"""Events on their way to Redis: in order, kept while Redis is away, sent when it is back."""

from __future__ import annotations

import asyncio
from collections import deque

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dialer.bus import names, streams
from dialer.bus.schemas import Message

log = structlog.get_logger()
BATCH = 500
KEPT = 200_000
"""About an hour of events of a busy node; the oldest go first, and that is logged."""
RETRY_S = 0.1


class Outbox:
    """``put`` never waits. An event may arrive twice when the connection breaks in the middle of a batch."""

    def __init__(self, redis: Redis, kept: int = KEPT) -> None:
        self._redis = redis
        self._waiting: deque[tuple[str, Message]] = deque()
        self._kept = kept
        self._filled = asyncio.Event()
        self.lost = 0

    def put(self, campaign: int, message: Message) -> None:
        """Send a message to the room of a campaign as soon as possible."""
        if len(self._waiting) >= self._kept:
            self._waiting.popleft()
            self.lost += 1
        self._waiting.append((names.room_stream(campaign), message))
        self._filled.set()

    def __len__(self) -> int:
        return len(self._waiting)

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._waiting:
                if not await self._send_some():
                    await asyncio.sleep(RETRY_S)

    async def _send_some(self) -> bool:
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        try:
            await streams.send_many(self._redis, batch)
        except (RedisError, OSError):
            self._waiting.extendleft(reversed(batch))
            return False
        except asyncio.CancelledError:
            self._waiting.extendleft(reversed(batch))
            raise
        if self.lost:
            log.error("line_events_lost", count=self.lost)
            self.lost = 0
        return True

    async def flush(self, limit_s: float) -> None:
        """Wait until everything has been sent, but no longer than this."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while self._waiting and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
