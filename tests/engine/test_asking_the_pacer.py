"""When the loop of a room asks its pacer: at each event, and else less often than it looks at its limits."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest

from compliance.gate import Gate
from dialer.bus import schemas
from dialer.bus.ending import end
from dialer.engine.clock import Clock
from dialer.engine.lease import epoch_key
from dialer.engine.room import placing, timers
from dialer.engine.runner import Runner

from .rooms import CAMPAIGN, World

pytestmark = pytest.mark.integration
SEEN = schemas.CallTrying(call="a", campaign=CAMPAIGN, node="line-1", at=0.0)
RINGS = schemas.CallRinging(call="a", campaign=CAMPAIGN, node="line-1", at=0.0)


class Asked:
    """A running room that counts how often its pacer was asked."""

    def __init__(self, redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        world = World()
        self.runner = Runner(redis, world.room, world.board, Gate(b"k" * 32), Clock(), epoch=1)
        self.times, self._rounds = 0, 0
        monkeypatch.setattr(placing, "pace", self._pace)
        monkeypatch.setattr(timers, "tick", self._tick)

    def _pace(self, *_: Any) -> None:
        self.times += 1

    def _tick(self, *_: Any) -> None:
        self._rounds += 1

    async def after(self, *messages: Any, silent: int = 3) -> int:
        """How often it was asked, with a round for each of these messages and some silent ones."""
        await self.runner.redis.set(epoch_key(CAMPAIGN), self.runner.epoch)
        deciding = asyncio.create_task(self.runner._decide())
        for message in messages:
            self.runner.inbox.put_nowait(("", message))
            while not self.runner.inbox.empty():
                await asyncio.sleep(0.002)
        while self._rounds <= len(messages) + silent:  # One more: the last has asked by then.
            await asyncio.sleep(0.02)
        await end([deciding])
        return self.times


async def test_silence_and_events_that_change_nothing_are_no_reason(
    redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "PACE_EVERY_S", math.inf)
    assert await Asked(redis, monkeypatch).after(SEEN, SEEN) == 0


async def test_each_event_is_a_reason(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "PACE_EVERY_S", math.inf)
    assert await Asked(redis, monkeypatch).after(RINGS, SEEN, RINGS) == 2


async def test_long_silence_is_a_reason(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "PACE_EVERY_S", 0.0)
    assert await Asked(redis, monkeypatch).after(silent=3) >= 3
