"""Work that rooms ask for one by one and that is done for all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from redis.exceptions import ConnectionError as RedisAway

from dialer.engine.together import Together

pytestmark = pytest.mark.unit


class Work:
    """Doubles numbers; some it cannot."""

    def __init__(self, trouble: Exception, cannot: int) -> None:
        self._trouble, self._cannot = trouble, cannot
        self.batches: list[list[int]] = []

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        if self._cannot in numbers:
            raise self._trouble
        return [2 * number for number in numbers]


async def answers(work: Work, *numbers: int) -> list[int | BaseException]:
    together = Together[int, int](work, 0.001)
    return await asyncio.gather(*(together.ask(number) for number in numbers), return_exceptions=True)


async def test_one_that_cannot_be_done_does_not_keep_the_others_from_it() -> None:
    work = Work(ValueError("three"), cannot=3)
    first, second, third = await answers(work, 1, 2, 3)
    assert (first, second, type(third)) == (2, 4, ValueError)
    assert work.batches == [[1, 2, 3], [1], [2], [3]]


async def test_what_is_away_is_away_for_all_and_asked_once() -> None:
    work = Work(RedisAway("away"), cannot=3)
    assert [type(answer) for answer in await answers(work, 1, 2, 3)] == [RedisAway] * 3
    assert work.batches == [[1, 2, 3]]
