"""A media node: reads commands, holds the sessions, and tells the rooms what happens."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from redis.exceptions import RedisError

from dialer.bus import names, schemas, streams
from dialer.bus.audio import FRAME_MS
from dialer.bus.outbox import Outbox

from .bridge import Leg
from .config import NodeConfig
from .peer import BadOffer
from .session import Session
from .transport import Address, AudioSocket

TICK_S = FRAME_MS / 1000
TICK_FORGIVEN_S = 0.2
"""A clock that is further behind starts anew instead of catching up."""
READ_LIMIT_S = 5.0
"""A blocked read that says nothing for so long has lost its connection."""
RETRY_S = 0.25
FORGET_AFTER_S = 120.0
"""A session without a connection is forgotten after so long, its lead's leg with it."""
FLUSH_LIMIT_S = 2.0

log = structlog.get_logger(__name__)


class MediaNode:
    """One node. ``run`` returns when it has been drained or stopped."""

    def __init__(self, config: NodeConfig) -> None:
        self.config = config
        self.sessions: dict[str, Session] = {}
        self.legs: dict[int, Leg] = {}
        self.counts: Counter[str] = Counter()
        """What was refused or passed over, by reason."""
        self.audio = AudioSocket(config.audio_address, self._on_frame)
        self._redis = streams.connect(config.redis_url)
        self._outbox = Outbox(self._redis)
        self._leg_of: dict[str, Leg] = {}
        self._background: set[asyncio.Task[Any]] = set()
        self._started_at = time.time()
        self._drain_until: float | None = None
        self._stop = asyncio.Event()
        self._do: dict[type, Callable[[Any], None]] = {
            schemas.OpenSession: self._open,
            schemas.Attach: self._attach,
            schemas.CloseSession: self._close,
            schemas.Join: self._join,
            schemas.Part: self._part,
            schemas.Mute: self._mute,
            schemas.Hold: self._hold,
            schemas.Tone: self._tone,
            schemas.Drain: lambda _command: self.drain(config.drain_limit_s),
        }

    # --- life -------------------------------------------------------------------------------------------------

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
                for task in tasks:
                    task.cancel()
        finally:
            self.audio.close()
            await self._redis.aclose()

    def drain(self, limit_s: float) -> None:
        """Take no new sessions, close those without a call now and the others as their calls end."""
        until = asyncio.get_running_loop().time() + limit_s
        self._drain_until = min(until, self._drain_until or until)
        log.info("media node drains", node=self.config.node, sessions=len(self.sessions))
        for session in list(self.sessions.values()):
            if session.id not in self._leg_of:
                self._forget(session, "drain")
        self._stop_when_empty()

    def stop(self) -> None:
        """End now, whatever is under way."""
        self._stop.set()

    def _on_signal(self) -> None:
        if self._drain_until is None:
            self.drain(self.config.stop_limit_s)
        else:
            self.stop()

    def _stop_when_empty(self) -> None:
        if self._drain_until is not None and not self.sessions:
            self._stop.set()

    async def _end(self) -> None:
        for session in list(self.sessions.values()):
            self._forget(session, "drain")
        if self._background:
            await asyncio.wait(self._background, timeout=FLUSH_LIMIT_S)
        await self._outbox.flush(FLUSH_LIMIT_S)

    # --- for sessions -----------------------------------------------------------------------------------------

    def emit(self, session: Session, event: type[schemas.MediaEvent], **details: Any) -> None:
        """Owe an event to the session's room; sessions that are in no campaign have none."""
        if session.campaign:
            self._outbox.put(
                names.room_stream(session.campaign),
                event(
                    session=session.id,
                    agent=session.agent,
                    campaign=session.campaign,
                    node=self.config.node,
                    at=time.time(),
                    **details,
                ),
            )

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something to its end; its failure is logged and goes no further."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed", exc_info=error)

    # --- loops ------------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        """Read commands; the heartbeat begins when none can be missed any more."""
        reader = streams.Reader(self._redis, schemas.MediaCommand, self._on_bad)
        stream = names.media_stream(self.config.node)
        while not reader.positions:
            try:
                reader.follow(stream, await reader.last(stream))
            except (RedisError, OSError):
                await asyncio.sleep(RETRY_S)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            while True:
                await self._read(reader)

    async def _read(self, reader: streams.Reader) -> None:
        try:
            async with asyncio.timeout(READ_LIMIT_S):
                found = await reader.read()
        except (RedisError, OSError, TimeoutError):
            await asyncio.sleep(RETRY_S)
            return
        for _stream, _position, command in found:
            self._do[type(command)](command)

    def _on_bad(self, stream: str, position: str, error: Exception) -> None:
        self.counts["bad_command"] += 1
        log.warning("command does not fit the schema", stream=stream, position=position, error=str(error))

    async def _beat(self) -> None:
        while True:
            try:
                async with asyncio.timeout(READ_LIMIT_S):
                    await streams.beat(self._redis, self._status())
            except (RedisError, OSError, TimeoutError):
                log.debug("heartbeat did not reach redis")
            await asyncio.sleep(names.HEARTBEAT_EVERY_S)

    def _status(self) -> schemas.NodeStatus:
        return schemas.NodeStatus(
            node=self.config.node,
            kind="media",
            at=time.time(),
            started_at=self._started_at,
            draining=self._drain_until is not None,
            capacity=self.config.capacity,
            used=len(self.sessions),
            address=self.audio.address,
            detail={"legs": len(self.legs), "owed": len(self._outbox), **self.counts, **self.audio.dropped},
        )

    async def _tick(self) -> None:
        """The one clock of the node, corrected for drift."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + TICK_S, loop.time() - TICK_FORGIVEN_S)
            await asyncio.sleep(due - loop.time())
            now = loop.time()
            for session in list(self.sessions.values()):
                session.tick(now)
                if not session.up and now - session.changed_at > FORGET_AFTER_S:
                    self._forget(session, "silent")
            if self._drain_until is not None and now > self._drain_until:
                self.stop()

    def _on_frame(self, key: int, sequence: int, flags: int, pcm: bytes, address: Address) -> None:
        leg = self.legs.get(key)
        if leg is None:
            self.audio.dropped["unknown_key"] += 1
        else:
            leg.take(sequence, flags, pcm, address)

    # --- commands ---------------------------------------------------------------------------------------------

    def _open(self, command: schemas.OpenSession) -> None:
        session = self.sessions.get(command.session)
        refusal = self._refusal(session)
        if refusal is not None:
            self.counts[f"refused_{refusal.code}"] += 1
            self.spawn(self._reply(command.reply_to, refusal))
            return
        if session is None:
            session = self.sessions[command.session] = Session(command, self)
        session.campaign = command.campaign
        self.spawn(self._answer(session, command))

    def _refusal(self, session: Session | None) -> schemas.Failed | None:
        if self._drain_until is not None:
            return schemas.Failed(code="draining", message="This media node is being stopped. Try again.")
        if session is None and len(self.sessions) >= self.config.capacity:
            return schemas.Failed(code="no_capacity", message="This media node is full. Start another one.")
        return None

    async def _answer(self, session: Session, command: schemas.OpenSession) -> None:
        try:
            sdp = await session.open(command.offer_sdp)
        except BadOffer as error:
            self.counts[f"refused_{error.code}"] += 1
            if not session.up and session.id not in self._leg_of:
                self._forget(session, "closed")
            await self._reply(command.reply_to, schemas.Failed(code=error.code, message=str(error)))
        else:
            answer = schemas.SessionAnswer(session=session.id, node=self.config.node, sdp=sdp)
            await self._reply(command.reply_to, answer)

    async def _reply(self, reply_to: str, message: schemas.Reply) -> None:
        try:
            async with asyncio.timeout(READ_LIMIT_S):
                await streams.reply(self._redis, reply_to, message)
        except (RedisError, OSError, TimeoutError):
            self.counts["unreplied"] += 1

    def _known(self, command: Any) -> Session | None:
        session = self.sessions.get(command.session)
        if session is None:
            self.counts["unknown_session"] += 1
            log.info(
                "command for a session that is not here", kind=type(command).__name__, session=command.session
            )
        return session

    def _attach(self, command: schemas.Attach) -> None:
        session = self._known(command)
        if session is not None:
            session.attach(command.campaign)

    def _close(self, command: schemas.CloseSession) -> None:
        session = self._known(command)
        if session is not None:
            self._forget(session, "closed")

    def _join(self, command: schemas.Join) -> None:
        session = self._known(command)
        if session is None:
            return
        leg = self._leg_of.get(session.id)
        if leg is not None and (leg.call, leg.key) == (command.call, command.key):
            leg.first_is_due = True
            return
        for other in (leg, self.legs.get(command.key)):
            if other is not None:
                self._unjoin(other)
        leg = Leg(command.call, command.key, session, self.audio.send, self._on_first)
        self.legs[leg.key] = self._leg_of[session.id] = leg
        session.begin_call(command.tone)

    def _on_first(self, leg: Leg) -> None:
        self.emit(leg.session, schemas.Joined, call=leg.call)

    def _part(self, command: schemas.Part) -> None:
        leg = self._leg_of.get(command.session)
        if leg is None or leg.call != command.call:
            self.counts["unknown_part"] += 1
            return
        self._unjoin(leg)
        if self._drain_until is not None:
            self._forget(leg.session, "drain")

    def _unjoin(self, leg: Leg) -> None:
        self.legs.pop(leg.key, None)
        self._leg_of.pop(leg.session.id, None)
        leg.end()
        leg.session.end_call()

    def _forget(self, session: Session, why: str) -> None:
        leg = self._leg_of.get(session.id)
        if leg is not None:
            self._unjoin(leg)
        self.sessions.pop(session.id, None)
        self.spawn(session.close(why))
        self._stop_when_empty()

    def _mute(self, command: schemas.Mute) -> None:
        session = self._known(command)
        if session is not None:
            session.mouth.muted = command.on

    def _hold(self, command: schemas.Hold) -> None:
        session = self._known(command)
        if session is not None:
            session.mouth.held = session.ear.held = command.on

    def _tone(self, command: schemas.Tone) -> None:
        session = self._known(command)
        if session is not None and not session.tone(command.name):
            self.counts["unknown_tone"] += 1
