"""Nodes that speak the bus and carry nothing: far ends for tests of the daemon with a real Redis and database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis

from dialer.bus import keys, names, permit, schemas, streams

SECRET = "x" * 40


class ScriptedLines:
    """A line node whose calls do what ``script`` says: it is given (node, call) and sends events."""

    def __init__(self, redis: Redis, node: str, script: Callable[[ScriptedLines, str], Any]) -> None:
        self.redis, self.node, self.script = redis, node, script
        self.originated: list[permit.Permit] = []
        self.commands: list[Any] = []
        self.stages: dict[str, str] = {}
        self.campaigns: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Beat and answer commands until cancelled."""
        reader = streams.Reader(self.redis, schemas.LineCommand)
        reader.follow(names.line_stream(self.node), "0")
        beat = asyncio.create_task(self._beat())
        try:
            while True:
                for _stream, _position, command in await reader.read(100):
                    self.commands.append(command)
                    await self._take(command)
        finally:
            beat.cancel()

    async def _beat(self) -> None:
        while True:
            now = time.time()
            status = schemas.NodeStatus(
                node=self.node, kind="line", at=now, started_at=0, capacity=1000, used=len(self.stages)
            )
            await streams.beat(self.redis, status)
            await asyncio.sleep(0.2)

    async def _take(self, command: Any) -> None:
        if isinstance(command, schemas.Originate):
            opened = permit.open_permit(command.permit, keys.derive(SECRET, "permit"), time.time())
            self.originated.append(opened)
            self.campaigns[command.call] = opened.campaign
            self.stages[command.call] = "trying"
            task = asyncio.create_task(self.script(self, command.call))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif isinstance(command, schemas.Hangup) and command.call in self.stages:
            answered = self.stages[command.call] in ("answered", "bridged")
            await self.end(command.call, 200 if answered else 487, "us", answered)
        elif isinstance(command, schemas.PlayThenHangup) and command.call in self.stages:
            await self.say(schemas.CallPrompt, command.call, prompt=command.prompt, finished=False)
            await self.end(command.call, 200, "us", True)
        elif isinstance(command, schemas.Claim):
            for call, stage in self.stages.items():
                if self.campaigns[call] == command.campaign:
                    await self.say(schemas.CallReport, call, stage=stage)
            done = schemas.ClaimDone(
                campaign=command.campaign, node=self.node, epoch=command.epoch, at=time.time()
            )
            await streams.send(self.redis, names.room_stream(command.campaign), done)

    async def say(self, kind: Any, call: str, **more: Any) -> None:
        """Send an event of a call to its campaign's room."""
        campaign = self.campaigns[call]
        event = kind(call=call, campaign=campaign, node=self.node, at=time.time(), **more)
        await streams.send(self.redis, names.room_stream(campaign), event)

    async def ring(self, call: str) -> None:
        """180."""
        self.stages[call] = "ringing"
        await self.say(schemas.CallRinging, call)

    async def answer(self, call: str) -> None:
        """200."""
        self.stages[call] = "answered"
        await self.say(schemas.CallAnswered, call)

    async def end(self, call: str, code: int, by: str, answered: bool = False) -> None:
        """The call is over."""
        if self.stages.pop(call, None) is not None:
            await self.say(schemas.CallEnded, call, code=code, ended_by=by, answered=answered)


class ScriptedAgent:
    """An agent whose audio stands and who sends commands straight to the room."""

    def __init__(self, redis: Redis, agent: int, session: str, campaign: int, media: str) -> None:
        self.redis, self.agent, self.session, self.campaign, self.media = (
            redis,
            agent,
            session,
            campaign,
            media,
        )

    async def ask(self, name: str, /, **args: Any) -> schemas.Reply:
        """One command and its reply."""
        command = schemas.AgentCommand(agent=self.agent, session=self.session, name=name, args=args)
        return await streams.request(self.redis, names.room_stream(self.campaign), command, 5)

    async def arrive(self) -> None:
        """Join, with audio up, and be ready."""
        assert isinstance(await self.ask("join", name=f"Agent {self.agent}"), schemas.Done)
        up = schemas.SessionUp(
            session=self.session, agent=self.agent, campaign=self.campaign, node=self.media, at=time.time()
        )
        await streams.send(self.redis, names.room_stream(self.campaign), up)
        assert isinstance(await self.ask("ready"), schemas.Done)


async def beat_media(redis: Redis, node: str) -> None:
    """A media node that only beats."""
    while True:
        now = time.time()
        status = schemas.NodeStatus(
            node=node, kind="media", at=now, started_at=0, capacity=1000, address="unix:/tmp/none"
        )
        await streams.beat(redis, status)
        await asyncio.sleep(0.2)


async def until(condition: Callable[[], Any], limit_s: float = 15.0) -> Any:
    """Wait for something to become true; fails with a clear message when it does not."""
    async with asyncio.timeout(limit_s):
        while True:
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.05)
