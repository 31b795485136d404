"""Nodes that carry nothing and forget nothing: the real admission and outbox, and a ledger of each dial."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from dialer.bus import keys, names, permit, schemas, streams
from dialer.bus.outbox import Outbox
from dialer.engine.history.values import Dial, Spell
from dialer.lines.admission import Admission, Refused

from ..scripted import SECRET

BEAT_S = 0.3
SILENCE_S = 2.0
RETRY_S = 0.1


@dataclass(slots=True)
class Line:
    """One INVITE that left, on the test's own clock."""

    permit: permit.Permit
    newest_epoch: int
    began: float
    ended: float | None = None
    stage: str = "trying"
    answered_at: float = 0.0
    bridged: bool = False


class Node:
    """What both kinds do: read, beat, and say things in order, whatever Redis does meanwhile."""

    kind = ""
    command: Any = None

    def __init__(self, redis: Redis, node: str) -> None:
        self.redis, self.node = redis, node
        self.clock_ahead = 0.0
        """By how many seconds this node's clock is ahead."""
        self.outbox = Outbox(redis)
        self.tasks: set[asyncio.Task[Any]] = set()

    def now(self) -> float:
        """The node's own clock."""
        return time.time() + self.clock_ahead

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside the rest."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def run(self) -> None:
        """Until cancelled."""
        self.spawn(self.outbox.run())
        self.spawn(self._beat())
        stream = names.line_stream(self.node) if self.kind == "line" else names.media_stream(self.node)
        reader = streams.Reader(self.redis, self.command)
        reader.follow(stream, "0")
        try:
            while True:
                try:
                    for _stream, _position, command in await reader.read(100):
                        self.take(command)
                except (RedisError, OSError):
                    await asyncio.sleep(RETRY_S)
        finally:
            for task in self.tasks:
                task.cancel()

    async def _beat(self) -> None:
        while True:
            status = schemas.NodeStatus(
                node=self.node,
                kind=self.kind,
                at=self.now(),
                started_at=1.0,
                capacity=1000,
                address="unix:/none",
            )
            with contextlib.suppress(RedisError, OSError):
                await streams.beat(self.redis, status)
            await asyncio.sleep(BEAT_S)

    def take(self, command: Any) -> None:
        """One command."""
        raise NotImplementedError


class Lines(Node):
    """A line node. ``far_end`` plays the person who is called: it is given (node, call) and a chance of its own."""

    kind, command = "line", schemas.LineCommand

    def __init__(
        self, redis: Redis, node: str, chance: Random, far_end: Callable[..., Coroutine[Any, Any, None]]
    ) -> None:
        super().__init__(redis, node)
        self._began = time.monotonic()
        self._admission = Admission(
            node, keys.derive(SECRET, "permit"), lambda: time.monotonic() - self._began
        )
        self._chance, self._far_end = chance, far_end
        self.lines: dict[str, Line] = {}
        self.refused: list[str] = []

    def take(self, command: Any) -> None:
        """As a line node does."""
        line = self.lines.get(command.call) if hasattr(command, "call") else None
        if isinstance(command, schemas.Originate):
            self._originate(command)
        elif isinstance(command, schemas.Claim):
            self._claim(command)
        elif line is None or line.ended is not None:
            return
        elif isinstance(command, schemas.Hangup):
            self.end(command.call, 200 if line.answered_at else 487, "us")
        elif isinstance(command, schemas.PlayThenHangup):
            self._play(command.call, command.prompt, by_node=False)
        elif isinstance(command, schemas.Bridge):
            line.bridged, line.stage = True, "bridged"
            self.say(schemas.CallBridged, command.call)

    def _originate(self, order: schemas.Originate) -> None:
        if order.call in self.lines and self.lines[order.call].ended is None:
            return
        try:
            opened = self._admission.open(order, self.now())
        except Refused as refusal:
            self.refused.append(refusal.why)
            campaign = permit._decode(order.permit[permit.TAG_BYTES :]).campaign
            refused = schemas.OriginateRefused(
                call=order.call, campaign=campaign, node=self.node, at=self.now(), why=refusal.why
            )
            self.outbox.put(names.room_stream(campaign), refused)
            return
        newest = self._admission.newest_epoch(opened.campaign)
        self.lines[order.call] = Line(opened, newest, time.monotonic())
        evidence = {"permit": opened.id, "epoch": opened.epoch, "newest_epoch": newest}
        self.say(schemas.CallTrying, order.call, **evidence)
        self.spawn(self._far_end(self, order.call, self._chance))

    def _claim(self, claim: schemas.Claim) -> None:
        if self._admission.claim(claim.campaign, claim.epoch) > claim.epoch:
            return
        for call, line in self.lines.items():
            if line.ended is None and line.permit.campaign == claim.campaign:
                self.say(schemas.CallReport, call, stage=line.stage, answered_at=line.answered_at)
        done = schemas.ClaimDone(campaign=claim.campaign, node=self.node, epoch=claim.epoch, at=self.now())
        self.outbox.put(names.room_stream(claim.campaign), done)

    def say(self, kind: Any, call: str, **more: Any) -> None:
        """Owe an event of a call to its room."""
        campaign = self.lines[call].permit.campaign
        event = kind(call=call, campaign=campaign, node=self.node, at=self.now(), **more)
        self.outbox.put(names.room_stream(campaign), event)

    def ring(self, call: str) -> None:
        """180."""
        if self.lines[call].ended is None:
            self.lines[call].stage = "ringing"
            self.say(schemas.CallRinging, call)

    async def answer(self, call: str) -> None:
        """200; without anybody on the line after ``SILENCE_S`` the node plays the message itself."""
        line = self.lines[call]
        if line.ended is not None:
            return
        line.stage, line.answered_at = "answered", self.now()
        self.say(schemas.CallAnswered, call)
        await asyncio.sleep(SILENCE_S)
        if not line.bridged:
            self._play(call, "message", by_node=True)

    def _play(self, call: str, prompt: str, by_node: bool) -> None:
        line = self.lines[call]
        if line.ended is None and line.stage != "prompt":
            line.stage = "prompt"
            self.say(schemas.CallPrompt, call, prompt=prompt, finished=False, by_node=by_node)
            self.end(call, 200, "node" if by_node else "us")

    def end(self, call: str, code: int, by: str) -> None:
        """The line is free."""
        line = self.lines[call]
        if line.ended is None:
            line.ended = time.monotonic()
            self.say(schemas.CallEnded, call, code=code, ended_by=by, answered=line.answered_at > 0)

    # --- the ledger -------------------------------------------------------------------------------

    def dials(self) -> list[Dial]:
        """Every INVITE, in order."""
        return [
            Dial(line.permit.campaign, call, self.node, line.permit.id, line.permit.epoch, line.newest_epoch)
            for call, line in self.lines.items()
        ]

    def spells(self) -> list[Spell]:
        """From when to when each number's line was in use, on the test's clock."""
        return [Spell(line.permit.number, call, line.began, line.ended) for call, line in self.lines.items()]


class Media(Node):
    """A media node: tells agents whom they are joined with, and who of them heard whom."""

    kind, command = "media", schemas.MediaCommand

    def __init__(self, redis: Redis, node: str) -> None:
        super().__init__(redis, node)
        self.joined: dict[str, str] = {}
        """Session → the call that it is, or was last, joined with."""
        self.agents: dict[str, tuple[int, int]] = {}
        """Session → agent and campaign."""

    def take(self, command: Any) -> None:
        """As a media node does."""
        if isinstance(command, schemas.Join):
            self.joined[command.session] = command.call
            agent, campaign = self.agents[command.session]
            event = schemas.Joined(
                session=command.session,
                agent=agent,
                campaign=campaign,
                node=self.node,
                at=self.now(),
                call=command.call,
            )
            self.outbox.put(names.room_stream(campaign), event)
