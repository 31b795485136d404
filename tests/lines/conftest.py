"""A running line node, and far ends for it to call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest_asyncio

from .bench import Bench
from .far_end import FarEnd, Script, StreamFarEnd


@pytest_asyncio.fixture
async def far_end() -> AsyncIterator[Callable[..., Awaitable[FarEnd]]]:
    """Starts far ends."""
    started: list[FarEnd] = []

    async def start(script: Script, **stream: Any) -> FarEnd:
        """Over UDP; with ``tls`` (None: plain) over a stream."""
        started.append(await (StreamFarEnd(script, **stream) if stream else FarEnd(script)).start())
        return started[-1]

    yield start
    for far in started:
        await far.close()


@pytest_asyncio.fixture
async def bench(redis: Any, redis_url: str, far_end: object) -> AsyncIterator[Bench]:
    """One line node with real children; it is gone before its far ends are."""
    made = await Bench(redis, redis_url, max_lines=12).start()
    yield made
    await made.close()
