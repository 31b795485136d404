"""A room ends when it is told to, whatever comes at the same moment."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from compliance.gate import Gate
from dialer.engine.clock import Clock
from dialer.engine.runner import Runner

from .rooms import World

pytestmark = pytest.mark.integration


async def test_a_cancellation_that_meets_a_message_ends_the_room(redis: Any) -> None:
    world = World()
    runner = Runner(redis, world.room, world.board, Gate(b"k" * 32), Clock(), epoch=1)

    async def decide() -> None:
        while True:
            await runner._next_messages()

    task = asyncio.create_task(decide())
    await asyncio.sleep(0.01)
    runner.post(lambda: None)
    task.cancel()
    await asyncio.wait([task], timeout=1)
    ended = task.cancelled()
    task.cancel()
    assert ended
