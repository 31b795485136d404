"""The base of every live socket: sign-in, snapshot and changes of one topic, commands.

The contract with browsers stands in ``docs/protocol.md``. A subclass names the capability it asks for, its
topic and its commands. Nothing that a client sends becomes part of a group or key name.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import msgspec
import structlog
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError
from redis.exceptions import RedisError

from accounts.choices import Capability
from accounts.models import User
from dialer.bus.schemas import Done, Failed

from . import frames, topics
from .commands import Arguments, Commands, read_arguments, result_frame
from .feed import Feed
from .frames import BadFrame, FrameBudget
from .people import fetch_person

HEARTBEAT_S = 15
"""A client sends at least one frame in this time."""
RESUME_S = 600
WATCH_S = 4.0
"""How often a socket looks whether it missed a change and whether Redis answers."""
RECHECK_S = 30.0
"""How often it looks whether the person is still signed in and allowed."""
COMMANDS_AT_ONCE = 16
OUTAGES = (RedisError, OSError, DatabaseError, TimeoutError)

logger = structlog.get_logger()


class LiveConsumer(AsyncWebsocketConsumer):
    """One browser's socket on one topic."""

    capability: ClassVar[Capability]
    commands: ClassVar[Commands] = {}

    person: User
    topic: str

    def __init__(self) -> None:
        super().__init__()
        self.session = uuid.uuid4().hex
        self.feed: Feed | None = None
        self._bad_frames = 0
        self._budget = FrameBudget(time.monotonic())
        self._running: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self._checked_at = time.monotonic()
        self._accepted = False
        self._closing = False

    # --- what a subclass says ------------------------------------------------------------------------

    def topic_of(self, person: User) -> str:
        """The one topic that this person follows here."""
        raise NotImplementedError

    async def arrive(self) -> dict[str, Any]:
        """Called before hello; returns fields to add to it."""
        return {}

    async def depart(self) -> None:
        """Called when the socket has closed."""

    async def watch(self) -> None:
        """Called every ``WATCH_S`` seconds."""

    async def run_command(self, name: str, args: Any) -> Done | Failed:
        """Carry out a command whose arguments and person were checked."""
        raise NotImplementedError

    # --- opening and closing -------------------------------------------------------------------------

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        """Run the socket; where Redis cannot be reached close with 1013, so that the client comes back."""
        try:
            await super().__call__(scope, receive, send)
        except (RedisError, OSError) as error:
            logger.warning("live socket without redis", error=type(error).__name__)
            self._stop_tasks()
            if not self._accepted:
                await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": frames.CLOSE_TRY_AGAIN})

    async def connect(self) -> None:
        """Let in who is signed in and allowed; a close code tells everybody else why not."""
        await self.accept()
        self._accepted = True
        await self._or_try_again(self._enter())

    async def _enter(self) -> None:
        person = await fetch_person(self.scope)
        if person is None:
            await self.close(frames.CLOSE_NOT_SIGNED_IN)
        elif not person.can(self.capability):
            await self.close(frames.CLOSE_NOT_ALLOWED)
        else:
            await self._welcome(person)

    async def _welcome(self, person: User) -> None:
        self.person, self.topic = person, self.topic_of(person)
        await self.channel_layer.group_add(topics.group(self.topic), self.channel_name)
        self.feed = Feed(self.topic, self.send_frame)
        more = await self.arrive()
        await self.send_frame(self._hello() | more)
        self._watch = asyncio.create_task(self._keep_watch())

    def _hello(self) -> dict[str, Any]:
        return {
            "op": "hello",
            "protocol": frames.PROTOCOL,
            "session": self.session,
            "heartbeat_s": HEARTBEAT_S,
            "resume_s": RESUME_S,
            "topic": self.topic,
            "server_time": time.time(),
        }

    async def disconnect(self, code: int) -> None:
        """Leave the group and stop what runs for this socket."""
        self._closing = True
        self._stop_tasks()
        if self.feed is None:
            return
        try:
            await self.channel_layer.group_discard(topics.group(self.topic), self.channel_name)
            await self.depart()
        except OUTAGES as error:
            logger.info("live socket left during an outage", error=type(error).__name__)

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Close once; nothing is sent afterwards."""
        if not self._closing:
            self._closing = True
            await super().close(code=code, reason=reason)

    async def _or_try_again(self, work: Awaitable[object]) -> None:
        """Run the work; in an outage tell the client that updates are interrupted, and let it come back."""
        try:
            await work
        except OUTAGES as error:
            logger.warning("live socket interrupted", error=type(error).__name__)
            text = "Live updates are interrupted. Calls go on; this page comes back by itself."
            await self.send_frame({"op": "notice", "code": "interrupted", "message": text})
            await self.close(frames.CLOSE_TRY_AGAIN)

    # --- frames --------------------------------------------------------------------------------------

    async def send_frame(self, frame: dict[str, Any]) -> None:
        """Send one frame, unless the socket is closing."""
        if not self._closing:
            await self.send(text_data=msgspec.json.encode(frame).decode())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Check a frame and act on it."""
        if self._closing or self.feed is None:
            return
        if not self._budget.spend(time.monotonic()):
            await self.close(frames.CLOSE_TOO_MANY_FRAMES)
            return
        try:
            frame = frames.read_frame(text_data)
        except BadFrame as error:
            await self._refuse_frame(str(error))
        else:
            self._bad_frames = 0
            await self._or_try_again(self._act_on(self.feed, frame))

    async def _act_on(self, feed: Feed, frame: frames.AnyFrame) -> None:
        await feed.heard()
        match frame:
            case frames.Ping():
                await self.send_frame({"op": "pong", "server_time": time.time()})
            case frames.Subscribe():
                await feed.snapshot()
            case frames.Resume(seq=seq, epoch=epoch):
                await feed.resume(seq, epoch)
            case frames.Command():
                await self._start_command(frame)

    async def _refuse_frame(self, why: str) -> None:
        self._bad_frames += 1
        if self._bad_frames >= frames.BAD_FRAMES_LIMIT:
            await self.close(frames.CLOSE_BAD_FRAMES)
        await self.send_frame({"op": "error", "code": "bad_frame", "message": why})

    async def live_change(self, event: dict[str, Any]) -> None:
        """A change came through the channel layer."""
        if self.feed is not None and not self._closing:
            await self._or_try_again(self.feed.changed(event["epoch"], event["change"]))

    # --- commands: beside the frames, so that changes go on while one waits for its answer -----------

    async def _start_command(self, frame: frames.Command) -> None:
        if len(self._running) >= COMMANDS_AT_ONCE:
            busy = Failed(code="busy", message="Too many commands at once. Wait for the answers.")
            await self.send_frame(result_frame(frame.id, busy))
            return
        task = asyncio.create_task(self._command(frame))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _command(self, frame: frames.Command) -> None:
        try:
            answer = await self._answer(frame)
        except OUTAGES as error:
            logger.warning("live command failed", command=frame.name, error=type(error).__name__)
            answer = Failed(code="no_engine", message="The system is restarting. Try again in a moment.")
        except Exception:
            reference = uuid.uuid4().hex[:8]
            logger.exception("live command broke", command=frame.name, reference=reference)
            words = (
                f"Something went wrong here; nothing was lost. Try again, or tell a supervisor: {reference}."
            )
            answer = Failed(code="internal", message=words)
        await self.send_frame(result_frame(frame.id, answer))

    async def _answer(self, frame: frames.Command) -> Done | Failed:
        args = read_arguments(self.commands, frame.name, frame.args)
        if not isinstance(args, Arguments):
            return args
        allowed = await self._still_allowed()
        needed = self.commands[frame.name].capability
        if not allowed or (needed is not None and not self.person.can(needed)):
            return Failed(code="not_allowed", message="Your role does not allow this.")
        return await self.run_command(frame.name, args)

    # --- keeping watch -------------------------------------------------------------------------------

    async def _keep_watch(self) -> None:
        while not self._closing:
            await asyncio.sleep(WATCH_S * random.uniform(0.8, 1.2))
            await self._or_try_again(self._look())

    async def _look(self) -> None:
        due = time.monotonic() - self._checked_at > RECHECK_S
        if due and not await self._still_allowed():
            return
        await self.watch()
        if self.feed is not None:
            await self.feed.verify()

    async def _still_allowed(self) -> bool:
        person = await fetch_person(self.scope)
        self._checked_at = time.monotonic()
        if person is None or person.pk != self.person.pk:
            await self.close(frames.CLOSE_NOT_SIGNED_IN)
            return False
        if not person.can(self.capability) or person.organisation_id != self.person.organisation_id:
            await self.close(frames.CLOSE_NOT_ALLOWED)
            return False
        self.person = person
        return True

    def _stop_tasks(self) -> None:
        for task in (*self._running, self._watch):
            if task is not None:
                task.cancel()
