"""The agent's socket without a browser: state from snapshot and changes, commands with answers (docs/protocol.md)."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from dialer.live.topics import Change, apply

PING_EVERY_S = 2.0
DEAD_AFTER_S = 7.0
"""Nothing heard for so long, and the connection is given up, as the console's page does."""
COMMAND_LIMIT_S = 12.0
FRAME_LIMIT_BYTES = 4 * 1024 * 1024


class CommandRefused(Exception):
    """The server said no, or nothing in time; ``code`` is one of the protocol's or ``not_connected``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Console:
    """One tab of one agent. It may be run again after each end of the connection and goes on where it was."""

    def __init__(self, url: str, on_change: Callable[[], None]) -> None:
        self.state: dict[str, Any] = {}
        self.live = False
        """Whether the state is that of the server, and commands are taken."""
        self.other_tab = False
        self.resumed = self.snapshots = 0
        self._origin = url
        self._address = f"ws{url.removeprefix('http')}/ws/agent?tab={uuid.uuid4().hex}"
        self._on_change = on_change
        self._socket: ClientConnection | None = None
        self._seq, self._epoch, self._topic = -1, "", ""
        self._resuming = False
        self._clock_offset_s: float | None = None
        self._heard_at = 0.0
        self._pending: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._commands = 0

    @property
    def times_live(self) -> int:
        """How often the state became that of the server."""
        return self.snapshots + self.resumed

    def now(self) -> float:
        """The server's clock, in Unix seconds."""
        return time.time() + (self._clock_offset_s or 0.0)

    async def run(self, cookie: str) -> int:
        """Hold the connection until it ends; returns the close code.

        Raises ``OSError`` or ``websockets.exceptions.InvalidStatus`` where there is no connection.
        """
        headers = {"Cookie": cookie}
        async with connect(
            self._address,
            origin=self._origin,  # type: ignore[arg-type]
            additional_headers=headers,
            max_size=FRAME_LIMIT_BYTES,
            ping_interval=None,
            proxy=None,
        ) as socket:
            self._socket, self._heard_at = socket, time.monotonic()
            pinger = asyncio.create_task(self._ping(socket))
            try:
                async for text in socket:
                    self._heard_at = time.monotonic()
                    await self._receive(json.loads(text))
            except ConnectionClosed:
                pass
            finally:
                pinger.cancel()
                self._ended()
        return socket.close_code or 1006

    async def command(self, name: str, **args: object) -> dict[str, Any]:
        """Have something done; returns the answer's data. Raises ``CommandRefused``."""
        if not self.live:
            raise CommandRefused("not_connected", "There is no connection.")
        self._commands += 1
        key = f"c{self._commands}"
        waiting = self._pending[key] = asyncio.get_running_loop().create_future()
        try:
            await self._send({"op": "command", "id": key, "name": name, "args": args})
            async with asyncio.timeout(COMMAND_LIMIT_S):
                return await waiting
        except TimeoutError:
            raise CommandRefused("timeout", f"No answer to {name} in {COMMAND_LIMIT_S:.0f} s.") from None
        finally:
            self._pending.pop(key, None)

    async def close(self) -> None:
        """End the connection."""
        if self._socket:
            await self._socket.close()

    def _ended(self) -> None:
        self.live = False
        self._socket = None
        for waiting in self._pending.values():
            if not waiting.done():
                waiting.set_exception(CommandRefused("not_connected", "The connection broke."))
        self._on_change()

    async def _send(self, frame: dict[str, Any]) -> None:
        if self._socket:
            with suppress(ConnectionClosed):
                await self._socket.send(json.dumps(frame))

    async def _ping(self, socket: ClientConnection) -> None:
        while time.monotonic() - self._heard_at < DEAD_AFTER_S:
            await asyncio.sleep(PING_EVERY_S)
            await self._send({"op": "ping"})
        socket.transport.abort()

    async def _receive(self, frame: dict[str, Any]) -> None:
        if "server_time" in frame:
            self._learn_clock(frame["server_time"])
        match frame["op"]:
            case "hello":
                await self._greeted(frame)
            case "snapshot":
                self.snapshots += 1
                self.state, self._seq, self._epoch = frame["state"], frame["seq"], frame["epoch"]
                self._caught_up()
            case "resumed":
                self.resumed += 1
                self._caught_up()
            case "change":
                await self._changed(frame)
            case "result":
                self._answered(frame)

    def _learn_clock(self, server_time: float) -> None:
        """The smallest delay seen is nearest to the truth; a jump of more than a second is a clock that was set."""
        offset = server_time - time.time()
        if self._clock_offset_s is None or offset > self._clock_offset_s or self._clock_offset_s - offset > 1:
            self._clock_offset_s = offset

    async def _greeted(self, frame: dict[str, Any]) -> None:
        self.other_tab = bool(frame.get("other_tab"))
        can_resume = self._topic == frame["topic"] and self._seq >= 0
        self._topic = frame["topic"]
        self._resuming = True
        await self._send(self._resume_frame() if can_resume else {"op": "subscribe"})

    def _resume_frame(self) -> dict[str, Any]:
        return {"op": "resume", "seq": self._seq, "epoch": self._epoch}

    def _caught_up(self) -> None:
        self._resuming = False
        self.live = True
        self._on_change()

    async def _changed(self, frame: dict[str, Any]) -> None:
        if self._seq < 0 or frame["seq"] <= self._seq:
            return
        if frame["seq"] > self._seq + 1:
            if not self._resuming:
                self._resuming = True
                await self._send(self._resume_frame())
            return
        self._seq = frame["seq"]
        apply(self.state, _change_of(frame))
        self._on_change()

    def _answered(self, frame: dict[str, Any]) -> None:
        waiting = self._pending.get(frame["id"])
        if waiting is None or waiting.done():
            return
        if frame["ok"]:
            waiting.set_result(frame.get("data") or {})
        else:
            waiting.set_exception(CommandRefused(frame["error"]["code"], frame["error"]["message"]))


def _change_of(frame: dict[str, Any]) -> Change:
    return Change(
        seq=frame["seq"],
        type=frame["type"],
        op=frame["change"],
        id=frame.get("id", ""),
        data=frame.get("data"),
    )
