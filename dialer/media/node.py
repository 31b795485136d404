"""The process around a switchboard: commands in, events and heartbeats out, one clock, an orderly end."""

from __future__ import annotations

import asyncio
import signal
import time

import structlog
from redis.exceptions import RedisError

from dialer.bus import names, schemas, streams
from dialer.bus.audio import FRAME_MS
from dialer.bus.ending import end
from dialer.bus.outbox import Outbox

from .config import NodeConfig
from .switchboard import Switchboard
from .transport import Address, AudioSocket

TICK_S = FRAME_MS / 1000
TICK_FORGIVEN_S = 0.2
"""A clock that is further behind begins anew instead of catching up."""
REDIS_LIMIT_S = 5.0
"""A connection that says nothing for so long is taken as lost."""
RETRY_S = 0.25
FLUSH_LIMIT_S = 2.0
"""How long the last replies, goodbyes and events may take."""
REDIS_AWAY = (RedisError, OSError, TimeoutError)

log = structlog.get_logger(__name__)


class MediaNode:
    """One media node. ``run`` returns when it has been drained or stopped."""

    def __init__(self, config: NodeConfig) -> None:
        """Bind the audio address; raises OSError or ValueError where that cannot be done."""
        self.config = config
        self.audio = AudioSocket(config.audio_address, self._on_frame)
        self._redis = streams.connect(config.redis_url)
        self._outbox = Outbox(self._redis)
        self.board = Switchboard(config, self._outbox, self.audio.send, self._reply)
        self._started_at = time.time()
        self._drain_until: float | None = None
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Serve until stopped."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal)
        self.audio.start()
        log.info("media node is up", node=self.config.node, audio=self.audio.address)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work()) for work in (self._outbox.run, self._listen, self._tick)]
                await self._stop.wait()
                await self._end()
                await end(tasks)
        finally:
            self.audio.close()
            await self._redis.aclose()

    def drain(self, limit_s: float) -> None:
        """Take no new sessions, and stop when the last call has ended or ``limit_s`` seconds have passed."""
        until = asyncio.get_running_loop().time() + limit_s
        self._drain_until = min(until, self._drain_until or until)
        log.info("media node drains", node=self.config.node, sessions=len(self.board.sessions))
        self.board.drain()

    def stop(self) -> None:
        """End now, whatever is under way."""
        self._stop.set()

    def _on_signal(self) -> None:
        if self._drain_until is None:
            self.drain(self.config.stop_limit_s)
        else:
            self.stop()

    async def _end(self) -> None:
        for session in list(self.board.sessions.values()):
            self.board.forget(session, "drain")
        await self.board.background.settle(FLUSH_LIMIT_S)
        await self._outbox.flush(FLUSH_LIMIT_S)

    async def _tick(self) -> None:
        """The node's one clock, corrected for drift."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += TICK_S
            await asyncio.sleep(due - loop.time())
            now = loop.time()
            if now - due > TICK_FORGIVEN_S:
                # The process stood still. What the agents sent meanwhile waits to be read: nobody was silent.
                due = now
                continue
            self.board.tick(now)
            if self._drain_until is not None and (not self.board.sessions or now > self._drain_until):
                self.stop()

    def _on_frame(self, key: int, sequence: int, flags: int, pcm: bytes, address: Address) -> None:
        self.board.take_frame(key, sequence, flags, pcm, address)

    # --- Redis -------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        """Read commands. The heartbeat, which invites them, begins when none can be missed any more."""
        reader = streams.Reader(self._redis, schemas.MediaCommand, self._on_bad)
        stream = names.media_stream(self.config.node)
        while not reader.positions:
            try:
                reader.follow(stream, await reader.last(stream))
            except REDIS_AWAY:
                await asyncio.sleep(RETRY_S)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            while True:
                await self._read(reader)

    async def _read(self, reader: streams.Reader) -> None:
        try:
            async with asyncio.timeout(REDIS_LIMIT_S):
                found = await reader.read()
        except REDIS_AWAY:
            await asyncio.sleep(RETRY_S)
            return
        for _stream, _position, command in found:
            if isinstance(command, schemas.Drain):
                self.drain(self.config.drain_limit_s)
            else:
                self._obey(command)

    def _obey(self, command: object) -> None:
        """A command that fails must not end the calls of everybody else."""
        try:
            self.board.obey(command)
        except Exception:
            self.board.counts["failed_command"] += 1
            log.exception("command failed", kind=type(command).__name__)

    def _on_bad(self, stream: str, position: str, error: Exception) -> None:
        self.board.counts["bad_command"] += 1
        log.warning("command does not fit the schema", stream=stream, position=position, error=str(error))

    async def _reply(self, reply_to: str, message: schemas.Reply) -> None:
        try:
            async with asyncio.timeout(REDIS_LIMIT_S):
                await streams.reply(self._redis, reply_to, message)
        except REDIS_AWAY:
            self.board.counts["unreplied"] += 1

    async def _beat(self) -> None:
        while True:
            try:
                async with asyncio.timeout(REDIS_LIMIT_S):
                    await streams.beat(self._redis, self._status())
            except REDIS_AWAY:
                log.debug("heartbeat did not reach redis")
            await asyncio.sleep(names.HEARTBEAT_EVERY_S)

    def _status(self) -> schemas.NodeStatus:
        return schemas.NodeStatus(
            node=self.config.node,
            kind="media",
            at=time.time(),
            started_at=self._started_at,
            draining=self.board.draining,
            capacity=self.config.capacity,
            used=len(self.board.sessions),
            address=self.audio.address,
            detail={
                "legs": len(self.board.legs),
                "owed": len(self._outbox),
                **self.board.counts,
                **self.audio.dropped,
            },
        )
