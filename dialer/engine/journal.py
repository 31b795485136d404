"""Brings a campaign's journal from Redis to the database, in order, as long as it takes."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import msgspec
import structlog
from django.db import Error as DatabaseError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dialer.bus.names import journal_stream

from . import database
from .keeping import JOURNAL_FIELD
from .projection import position_of, project

log = structlog.get_logger(__name__)
BATCH_LINES = 200
GATHER_S = 0.5
"""Lines are written together with those that follow so soon: a transaction costs as much as several lines."""
IDLE_S = 1.0
RETRY_S = 1.0


class JournalWriter:
    """The projector of one campaign; ``wake`` tells it that lines were added."""

    def __init__(self, redis: Redis, campaign: int) -> None:
        self.redis, self.campaign = redis, campaign
        self.behind = True
        """Whether lines may wait that are not in the database."""
        self._more = asyncio.Event()
        self._position: str | None = None
        """How far the database has come; None where that must be read."""

    def wake(self) -> None:
        """There may be new lines."""
        self.behind = True
        self._more.set()

    async def run(self) -> None:
        """Write until cancelled. An error of Redis or the database only delays."""
        while True:
            try:
                await self.catch_up()
                self.behind = self._more.is_set()
                async with asyncio.timeout(IDLE_S):
                    await self._more.wait()
                await asyncio.sleep(GATHER_S)
            except TimeoutError:
                pass
            except (RedisError, DatabaseError) as error:
                log.warning("journal_waits", campaign=self.campaign, error=type(error).__name__)
                await asyncio.sleep(RETRY_S)
            self._more.clear()

    async def catch_up(self, at_once: bool = False) -> None:
        """Write every line there is; lines that are written leave Redis. ``at_once``: a takeover waits for it."""
        write = database.write_for_takeover if at_once else database.write
        stream = journal_stream(self.campaign)
        while lines := await self._next_lines(stream):
            self._position = None
            await write(project, self.campaign, lines)
            self._position = lines[-1][0]
            await cast(Any, self.redis).xtrim(stream, minid=self._position, approximate=False)
            if len(lines) < BATCH_LINES:
                return

    async def _next_lines(self, stream: str) -> list[tuple[str, dict[str, Any]]]:
        if self._position is None:
            self._position = await database.read(position_of, self.campaign)
        raw: Any = await self.redis.xrange(stream, min=f"({self._position}", count=BATCH_LINES)
        return [(at.decode(), msgspec.msgpack.decode(fields[JOURNAL_FIELD])) for at, fields in raw]
