"""A network between a process and Redis that can be made to fail, as networks do."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self

CHUNK_BYTES = 65536


class Proxy:
    """Passes bytes on. ``hold`` keeps them back, one way or both, and ``release`` delivers them late; ``cut`` closes
    every connection and lets none through until ``release``."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._up, self._down = asyncio.Event(), asyncio.Event()
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.release()

    async def start(self) -> Self:
        """Listen on a free port of the loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    @property
    def url(self) -> str:
        """Where Redis seems to be."""
        assert self._server is not None
        return f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/0"

    def release(self) -> None:
        """Everything passes, and what was held back is delivered now."""
        self._cut = False
        self._up.set()
        self._down.set()

    def hold(self, *, up: bool = True, down: bool = True) -> None:
        """Keep back what goes to Redis, what comes from it, or both. Nobody is told."""
        for event, held in ((self._up, up), (self._down, down)):
            if held:
                event.clear()

    def cut(self) -> None:
        """Close all connections, in the middle of whatever they carry, and refuse new ones."""
        self._cut = True
        self.reset()

    def reset(self) -> None:
        """Close all connections; new ones may come at once."""
        for writer in self._writers:
            writer.transport.abort()

    async def close(self) -> None:
        """End everything."""
        assert self._server is not None
        self._server.close()
        self.release()
        self.reset()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        except OSError:
            writer.transport.abort()
            return
        ways = (self._pass(reader, up_writer, self._up), self._pass(up_reader, writer, self._down))
        self._writers |= {writer, up_writer}
        try:
            await asyncio.gather(*ways)
        finally:
            self._writers -= {writer, up_writer}

    async def _pass(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, may_pass: asyncio.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(CHUNK_BYTES):
                await may_pass.wait()
                to.write(data)
                await to.drain()
        to.transport.abort()
