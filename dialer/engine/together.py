"""Work that rooms ask for one by one, done for all of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from django.db import Error as DatabaseError
from redis.exceptions import RedisError

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """``work`` takes what was asked for within ``gather_s`` seconds and gives one answer each, in order."""

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]], gather_s: float) -> None:
        self._work, self._gather_s = work, gather_s
        self._asked: list[tuple[T, asyncio.Future[R]]] = []
        self._working: asyncio.Task[None] | None = None

    async def ask(self, item: T) -> R:
        """The answer to this one; raises what the work raised."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._asked.append((item, answer))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._go())
        return await answer

    async def done(self) -> None:
        """Returns once all that was asked for so far has its answer."""
        if self._working is not None:
            await asyncio.wait({self._working})

    async def _go(self) -> None:
        while self._asked:
            await asyncio.sleep(self._gather_s)
            batch, self._asked = self._asked, []
            if not await self._answer(batch):
                for one in batch:  # One room's trouble must not be another's.
                    await self._answer([one])

    async def _answer(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> bool:
        """False where it is to be tried room by room: not where database or Redis is away, for then it is for all."""
        try:
            found = await self._work([item for item, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, DatabaseError | RedisError):
                return False
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            return True
        for (_, answer), result in zip(batch, found, strict=True):
            if not answer.done():
                answer.set_result(result)
        return True
