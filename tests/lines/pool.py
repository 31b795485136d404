"""Real children, driven without the node around them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from dialer.bus import schemas
from dialer.lines import wire
from dialer.lines.child_process import Child
from dialer.lines.children import ChildPool
from dialer.lines.config import LineConfig


class Pool:
    """Children without a node: they take calls with a ring limit that no node would allow."""

    def __init__(self, directory: Path, ring_limit: float) -> None:
        self._ring_limit = ring_limit
        self.events: dict[str, list[Any]] = {}
        self.lost: list[Child] = []
        config = LineConfig(redis_url="", bus_secret="", node="n", max_lines=8)
        self.pool = ChildPool(config, directory, self._on_message, self.lost.append)

    def _on_message(self, child: Child, message: Any) -> None:
        self.events.setdefault(message.call, []).append(message)
        if isinstance(message, schemas.CallEnded):
            self.pool.give_back(child, message.call)

    async def place(self, call: str, port: int) -> Child:
        """Try children until one has a slot: PJSUA may still hold the one of an ended call."""
        while True:
            while (child := self.pool.take(call)) is None:
                await self.pool.wait(0.02)
            self._send_place(child, call, port)
            while not self.events.get(call):
                await asyncio.sleep(0.002)
            if not isinstance(self.events[call][0], wire.Full):
                return child
            del self.events[call]
            self.pool.mark_full(child, call)

    def _send_place(self, child: Child, call: str, port: int) -> None:
        route = wire.Route(
            key=str(port),
            host="127.0.0.1",
            address="127.0.0.1",
            port=port,
            transport="udp",
            domain="127.0.0.1",
        )
        child.send(
            wire.Place(
                call=call,
                campaign=1,
                route=route,
                to_uri=f"sip:{call}@127.0.0.1:{port}",
                from_uri="",
                headers=[],
                ring_limit=self._ring_limit,
                engine_silence=30,
            )
        )

    async def until(self, call: str, kind: type) -> Any:
        for _ in range(2000):
            found = next((e for e in self.events.get(call, []) if isinstance(e, kind)), None)
            if found is not None:
                return found
            await asyncio.sleep(0.005)
        raise AssertionError(f"{kind.__name__} never came: {self.events.get(call)}")
