"""Brings a campaign's journal from Redis to the database, in order, as long as it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import msgspec
import structlog
from django.db import Error as DatabaseError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dialer.bus.names import journal_stream

from . import database
from .keeping import JOURNAL_FIELD
from .ledger import Record
from .projection import Page, position_of, positions_of, project
from .together import Together

log = structlog.get_logger(__name__)
BATCH_LINES = 200
TURN_S, GATHER_S = 1.0, 0.02
"""All rooms read their lines at the same turns of the clock, to be written together: a transaction and its queries cost
as much as many lines. Lines that were read and not written are in no other daemon's sight: never for long."""
IDLE_S = 1.0
RETRY_S = 1.0


class Bookkeeper:
    """Writes the pages of all rooms of a daemon together."""

    def __init__(self) -> None:
        self._together = Together(self._write, GATHER_S)

    async def write(self, page: Page) -> None:
        """Returns once the page is in the database. Raises ``fence.Superseded`` or the database's errors."""
        await self._together.ask(page)

    async def done(self) -> None:
        """Returns once nothing is on its way: what a campaign that is taken over again left behind is written first."""
        await self._together.done()

    async def _write(self, pages: Sequence[Page]) -> list[None]:
        await database.write(project, pages)
        return [None] * len(pages)


class JournalWriter:
    """The projector of one campaign; ``wake`` tells it that lines were added."""

    def __init__(self, redis: Redis, campaign: int, epoch: int, bookkeeper: Bookkeeper | None = None) -> None:
        self.redis, self.campaign, self.epoch = redis, campaign, epoch
        self._bookkeeper = bookkeeper or Bookkeeper()
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
        """Write until cancelled. An error of Redis or the database only delays. Raises ``fence.Superseded``."""
        while True:
            try:
                await self.catch_up()
                self.behind = self._more.is_set()
                async with asyncio.timeout(IDLE_S):
                    await self._more.wait()
                await asyncio.sleep(TURN_S - asyncio.get_running_loop().time() % TURN_S)
            except TimeoutError:
                pass
            except (RedisError, DatabaseError) as error:
                log.warning("journal_waits", campaign=self.campaign, error=type(error).__name__)
                await asyncio.sleep(RETRY_S)
            self._more.clear()

    async def catch_up(self) -> None:
        """Write every line there is; lines that are written leave Redis."""
        stream = journal_stream(self.campaign)
        while lines := await self._next_lines(stream):
            self._position = None
            await self._bookkeeper.write(Page(self.campaign, self.epoch, lines))
            self._position = lines[-1][0]
            await cast(Any, self.redis).xtrim(stream, minid=self._position, approximate=False)
            if len(lines) < BATCH_LINES:
                return

    async def _next_lines(self, stream: str) -> list[tuple[str, Record]]:
        if self._position is None:
            self._position = await database.read(position_of, self.campaign)
        raw: Any = await self.redis.xrange(stream, min=f"({self._position}", count=BATCH_LINES)
        return _decoded(raw)


async def catch_up_all(redis: Redis, epochs: Mapping[int, int]) -> None:
    """Write every line of the journals of these campaigns, held under these epochs: a takeover waits for it.

    Raises ``fence.Superseded``.
    """
    reached = await database.read(positions_of, epochs)
    behind = sorted(epochs)
    while behind:
        async with redis.pipeline(transaction=False) as pipe:
            for campaign in behind:
                pipe.xrange(journal_stream(campaign), min=f"({reached[campaign]}", count=BATCH_LINES)
            found = await pipe.execute()
        read = zip(behind, found, strict=True)
        pages = [Page(campaign, epochs[campaign], _decoded(raw)) for campaign, raw in read if raw]
        if pages:
            await database.write_for_takeover(project, pages)
            await _trim(redis, pages)
        reached |= {page.campaign: page.lines[-1][0] for page in pages}
        behind = [page.campaign for page in pages if len(page.lines) == BATCH_LINES]


async def _trim(redis: Redis, pages: Collection[Page]) -> None:
    async with redis.pipeline(transaction=False) as pipe:
        for page in pages:
            pipe.xtrim(journal_stream(page.campaign), minid=page.lines[-1][0], approximate=False)
        await pipe.execute()


def _decoded(raw: Any) -> list[tuple[str, Record]]:
    return [(at.decode(), msgspec.msgpack.decode(fields[JOURNAL_FIELD])) for at, fields in raw]
