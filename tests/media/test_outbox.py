"""Events that a node owes are kept in order while Redis is away."""

from __future__ import annotations

import asyncio

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from dialer.bus import outbox as module
from dialer.bus import schemas, streams
from dialer.bus.outbox import Outbox

pytestmark = pytest.mark.integration


def event(number: int) -> schemas.SessionUp:
    return schemas.SessionUp(session=str(number), agent=number, campaign=1, node="n", at=0.0)


class Away:
    """Stands between the outbox and Redis, and fails while told to; it can also lose an acknowledgement."""

    def __init__(self, monkeypatch) -> None:
        self.fails = True
        self.send = streams.send_many
        monkeypatch.setattr(module.streams, "send_many", self)
        monkeypatch.setattr(module, "RETRY_S", 0.01)

    async def __call__(self, redis, pairs) -> None:
        if self.fails:
            raise RedisConnectionError("away")
        await self.send(redis, pairs)


async def read_all(redis) -> list[int]:
    reader = streams.Reader(redis, schemas.RoomMessage)
    reader.follow("s", "0")
    return [message.agent for _, _, message in await reader.read(10, count=100_000)]


async def test_all_are_sent_in_order_when_redis_is_back(redis, monkeypatch) -> None:
    away = Away(monkeypatch)
    owed = Outbox(redis)
    running = asyncio.create_task(owed.run())
    for number in range(1200):
        owed.put("s", event(number))
    assert not await owed.flush(0.05)
    assert await read_all(redis) == []
    away.fails = False
    assert await owed.flush(5)
    assert len(owed) == 0
    assert await read_all(redis) == list(range(1200))
    running.cancel()


async def test_the_oldest_are_given_up_when_too_many_wait(redis, monkeypatch) -> None:
    away = Away(monkeypatch)
    owed = Outbox(redis, limit=10)
    running = asyncio.create_task(owed.run())
    for number in range(25):
        owed.put("s", event(number))
    assert (len(owed), owed.given_up) == (10, 15)
    away.fails = False
    assert await owed.flush(5)
    assert await read_all(redis) == list(range(15, 25))
    running.cancel()


async def test_giving_up_while_a_batch_is_under_way_loses_nothing_else(redis, monkeypatch) -> None:
    away = Away(monkeypatch)
    away.fails = False
    owed = Outbox(redis, limit=10)
    original = away.send

    async def send_and_meanwhile(client, pairs) -> None:
        away.send = original
        for number in range(100, 104):
            owed.put("s", event(number))
        await original(client, pairs)

    away.send = send_and_meanwhile
    for number in range(8):
        owed.put("s", event(number))
    running = asyncio.create_task(owed.run())
    assert await owed.flush(5)
    assert await read_all(redis) == [*range(8), 100, 101, 102, 103]
    running.cancel()
