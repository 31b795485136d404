"""Brings a campaign's journal from Redis to the database, in order, as long as it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

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
"""All rooms read their lines at the same turns of the clock, to be read and written together: a transaction and its
queries cost as much as many lines. Lines that were read and not written are in no other daemon's sight: never for
long."""
IDLE_S = 1.0
RETRY_S = 1.0


class Bookkeeper:
    """Brings the journals of all rooms of a daemon to the database, in one round trip and one transaction a turn."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._reading, self._writing = Together(self._read, GATHER_S), Together(self._write, GATHER_S)

    async def read(self, campaign: int, after: str) -> list[tuple[str, Record]]:
        """The campaign's lines behind this position, ``BATCH_LINES`` at most. Raises Redis's errors."""
        return await self._reading.ask((campaign, after))

    async def write(self, page: Page) -> None:
        """Returns once the page is in the database and no longer in Redis.

        Raises ``fence.Superseded``, or the errors of the database and of Redis: the page may have been written.
        """
        await self._writing.ask(page)

    async def done(self) -> None:
        """Returns once nothing is on its way: what a campaign that is taken over again left behind is written first."""
        await self._writing.done()

    async def _read(self, asked: Sequence[tuple[int, str]]) -> list[list[tuple[str, Record]]]:
        return await _next_lines(self._redis, asked)

    async def _write(self, pages: Sequence[Page]) -> list[None]:
        await database.write(project, pages)
        await _trim(self._redis, pages)
        return [None] * len(pages)


class JournalWriter:
    """The projector of one campaign; ``wake`` tells it that lines were added."""

    def __init__(self, campaign: int, epoch: int, bookkeeper: Bookkeeper) -> None:
        self.campaign, self.epoch, self._bookkeeper = campaign, epoch, bookkeeper
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
        """Write every line there is."""
        while lines := await self._next_lines():
            self._position = None
            await self._bookkeeper.write(Page(self.campaign, self.epoch, lines))
            self._position = lines[-1][0]
            if len(lines) < BATCH_LINES:
                return

    async def _next_lines(self) -> list[tuple[str, Record]]:
        if self._position is None:
            self._position = await database.read(position_of, self.campaign)
        return await self._bookkeeper.read(self.campaign, self._position)


async def catch_up_all(redis: Redis, epochs: Mapping[int, int]) -> None:
    """Write every line of the journals of these campaigns, held under these epochs: a takeover waits for it.

    Raises ``fence.Superseded``.
    """
    reached = await database.read(positions_of, epochs)
    behind = sorted(epochs)
    while behind:
        read = zip(behind, await _next_lines(redis, [(one, reached[one]) for one in behind]), strict=True)
        pages = [Page(campaign, epochs[campaign], lines) for campaign, lines in read if lines]
        if pages:
            await database.write_for_takeover(project, pages)
            await _trim(redis, pages)
        reached |= {page.campaign: page.lines[-1][0] for page in pages}
        behind = [page.campaign for page in pages if len(page.lines) == BATCH_LINES]


async def _next_lines(redis: Redis, asked: Sequence[tuple[int, str]]) -> list[list[tuple[str, Record]]]:
    """The next lines of each (campaign, position)."""
    async with redis.pipeline(transaction=False) as pipe:
        for campaign, after in asked:
            pipe.xrange(journal_stream(campaign), min=f"({after}", count=BATCH_LINES)
        found = await pipe.execute()
    return [[(at.decode(), msgspec.msgpack.decode(line[JOURNAL_FIELD])) for at, line in raw] for raw in found]


async def _trim(redis: Redis, pages: Collection[Page]) -> None:
    """Lines that are written leave Redis."""
    async with redis.pipeline(transaction=False) as pipe:
        for page in pages:
            pipe.xtrim(journal_stream(page.campaign), minid=page.lines[-1][0], approximate=False)
        await pipe.execute()
