"""The baseline: what a message over a Redis stream and its answer take where nothing is decided in between."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from dialer.bus.streams import connect

THERE, BACK = "bench:there", "bench:back"
ECHOES = 400
PAUSE_S = 0.005


async def measure(url: str, spawn: Callable[..., subprocess.Popen[bytes]]) -> list[float]:
    """Milliseconds of each round trip to a process that ``spawn`` starts, one at a time."""
    redis = connect(url)
    process = spawn("bench.engine.echo", url)
    try:
        last, trips_ms = await _next(redis, "0"), []
        for _ in range(ECHOES):
            await asyncio.sleep(PAUSE_S)
            began = time.perf_counter()
            await redis.xadd(THERE, {b"m": b"ping"}, maxlen=100)
            last = await _next(redis, last)
            trips_ms.append((time.perf_counter() - began) * 1000)
        return trips_ms
    finally:
        process.terminate()
        process.wait()
        await redis.aclose()


async def _next(redis: Any, after: str) -> str:
    """Wait for the next message that came back; returns its position."""
    [(_stream, [(position, _fields)])] = await redis.xread({BACK: after}, block=0, count=1)
    return str(position.decode())


async def _answer(url: str) -> None:
    redis, position = connect(url), "0"
    await redis.xadd(BACK, {b"m": b"here"})
    while True:
        [(_stream, [(position, fields), *_more])] = await redis.xread({THERE: position}, block=0, count=1)
        await redis.xadd(BACK, fields, maxlen=100)


if __name__ == "__main__":
    asyncio.run(_answer(sys.argv[1]))
