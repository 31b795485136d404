"""Events that a node owes to Redis: kept in order while Redis is away, sent when it is back."""

from __future__ import annotations

import asyncio
from collections import deque

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from . import schemas, streams

LIMIT = 200_000
"""Messages kept while Redis is away: more than an hour of a busy node. Beyond it the oldest are given up."""
BATCH = 500
RETRY_S = 0.25
SEND_LIMIT_S = 5.0
"""A connection that says nothing for so long is taken as lost."""

log = structlog.get_logger(__name__)


class Outbox:
    """Sends messages to streams in the order of ``put``, each at least once.

    A batch whose acknowledgement was lost is sent again, so a reader may see a message twice.
    """

    def __init__(self, redis: Redis, limit: int = LIMIT) -> None:
        self._redis = redis
        self._waiting: deque[tuple[str, schemas.Message]] = deque(maxlen=limit)
        self._some = asyncio.Event()
        self._none = asyncio.Event()
        self._away = False
        self.given_up = 0
        """Messages lost because Redis was away for too long."""

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, stream: str, message: schemas.Message) -> None:
        """Owe one message to a stream. Never blocks and never fails."""
        if len(self._waiting) == self._waiting.maxlen:
            self.given_up += 1
        self._waiting.append((stream, message))
        self._none.clear()
        self._some.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            while self._waiting:
                if not await self._send_batch():
                    await asyncio.sleep(RETRY_S)
            self._none.set()

    async def flush(self, limit_s: float) -> bool:
        """Wait until ``run`` has sent all; False if ``limit_s`` seconds were not enough."""
        try:
            async with asyncio.timeout(limit_s):
                while self._waiting:
                    await self._none.wait()
        except TimeoutError:
            return False
        return True

    async def _send_batch(self) -> bool:
        given_up = self.given_up
        batch = [self._waiting[index] for index in range(min(BATCH, len(self._waiting)))]
        try:
            async with asyncio.timeout(SEND_LIMIT_S):
                await streams.send_many(self._redis, batch)
        except (RedisError, OSError, TimeoutError) as error:
            self._note_away(error)
            return False
        self._away = False
        # What was given up meanwhile came off the same end of the queue.
        for _ in range(len(batch) - (self.given_up - given_up)):
            self._waiting.popleft()
        return True

    def _note_away(self, error: Exception) -> None:
        if not self._away:
            log.warning(
                "redis is away, events are kept", error=type(error).__name__, waiting=len(self._waiting)
            )
        self._away = True
