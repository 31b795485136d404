"""Events leave in order, wait while Redis is away, and the oldest go when there are too many."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dialer.bus import names, schemas, streams
from dialer.lines import outbox
from dialer.lines.outbox import Outbox

pytestmark = pytest.mark.integration


def event(number: int) -> schemas.CallTrying:
    return schemas.CallTrying(call=f"c{number}", campaign=3, node="n", at=float(number))


async def stored(redis: Any) -> list[str]:
    reader = streams.Reader(redis, schemas.RoomMessage)
    reader.follow(names.room_stream(3), "0")
    return [message.call for _, _, message in await reader.read(block_ms=10, count=100_000)]


class Flaky:
    """Stands before ``send_many`` and fails as often as it is told."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self._send_many = streams.send_many

    async def __call__(self, redis: Any, pairs: Any) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("gone")
        await self._send_many(redis, pairs)


async def test_events_that_could_not_be_sent_are_sent_later_in_order(redis: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(outbox, "RETRY_S", 0.001)
    flaky = Flaky(3)
    monkeypatch.setattr(outbox.streams, "send_many", flaky)
    box = Outbox(redis)
    task = asyncio.create_task(box.run())
    for number in range(700):
        box.put(3, event(number))
        if number % 100 == 0:
            await asyncio.sleep(0)
    await box.flush(5)
    task.cancel()
    assert flaky.failures == 0
    assert await stored(redis) == [f"c{number}" for number in range(700)]


async def test_the_oldest_events_go_when_there_are_too_many(redis: Any) -> None:
    box = Outbox(redis, kept=10)
    for number in range(15):
        box.put(3, event(number))
    assert (len(box), box.lost) == (10, 5)
    task = asyncio.create_task(box.run())
    await box.flush(5)
    task.cancel()
    assert await stored(redis) == [f"c{number}" for number in range(5, 15)]
    assert box.lost == 0


async def test_flush_gives_up_in_time(redis: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(outbox.streams, "send_many", Flaky(10**6))
    box = Outbox(redis)
    box.put(3, event(1))
    task = asyncio.create_task(box.run())
    await asyncio.wait_for(box.flush(0.05), 1)
    assert len(box) == 1
    task.cancel()
