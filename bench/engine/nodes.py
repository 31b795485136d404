"""What both simulated nodes have in common: timers that know how late they come, heartbeats, a report at the end."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from redis.asyncio import Redis

from dialer.bus import names, schemas, streams

CAPACITY = 5_000
READ_BLOCK_MS = 1000


class Timers:
    """Steps to come; ``late_ms`` shows a simulator that could not keep up."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []

    def after(self, seconds: float, act: Callable[..., None], *args: Any) -> asyncio.TimerHandle:
        """Run ``act`` in so many seconds."""
        due = time.monotonic() + seconds
        return asyncio.get_running_loop().call_later(seconds, self._fire, due, act, args)

    def _fire(self, due: float, act: Callable[..., None], args: tuple[Any, ...]) -> None:
        self.late_ms.append((time.monotonic() - due) * 1000)
        act(*args)


class Node(Protocol):
    """A simulated node."""

    async def run(self) -> None:
        """Serve until cancelled."""

    def report(self) -> dict[str, Any]:
        """What it saw."""


async def beat(redis: Redis, node: str, kind: str, used: Callable[[], int], address: str = "") -> None:
    """Heartbeats until cancelled."""
    started_at = time.time()
    while True:
        status = schemas.NodeStatus(
            node=node,
            kind=kind,
            at=time.time(),
            started_at=started_at,
            capacity=CAPACITY,
            used=used(),
            address=address,
        )
        await streams.beat(redis, status)
        await asyncio.sleep(names.HEARTBEAT_EVERY_S)


def serve(node: Node, report_to: Path) -> None:
    """Run the node until SIGTERM; its report is written then, or when it fails."""
    asyncio.run(_until_told(node, report_to))


async def _until_told(node: Node, report_to: Path) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    ends = [asyncio.ensure_future(node.run()), asyncio.ensure_future(told.wait())]
    done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.to_thread(report_to.write_text, json.dumps(node.report()))
    for end in done:
        end.result()
