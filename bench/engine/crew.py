"""The simulated media node with the agents whose audio it holds, a process.

Agents send their commands straight to the room, as the web process does for their consoles. They join one after
another, are ready, talk, and dispose of each call after its wrap-up.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from dialer.bus import names, schemas, streams
from dialer.bus.outbox import Outbox

from .far_end import CallPlan, plan_of
from .nodes import READ_BLOCK_MS, Timers, beat, serve

NODE = "bench-media"
ADDRESS = "unix:/nowhere"
FIRST_FRAME_S, SCREEN_S = 0.03, 0.15
REPLIES = names.reply_key("bench-crew")
WRAPUP_MOST_S = 45.0
"""Under the campaigns' wrap-up limit: agents are in time."""


class Person(msgspec.Struct, frozen=True):
    """An agent who signs in."""

    agent: int
    session: str
    campaign: int
    disposition: int
    """What they say of every call."""
    joins_after_s: float


@dataclass(slots=True)
class Seat:
    """An agent at work."""

    person: Person
    call: str = ""
    """Whom the audio is joined with."""


class Crew:
    """All agents by session."""

    def __init__(self, url: str, people: list[Person], warm_until: float) -> None:
        self._url, self._warm_until = url, warm_until
        self._outbox, self._timers = Outbox(streams.connect(url)), Timers()
        self._seats = {person.session: Seat(person) for person in people}
        self._counts: dict[str, int] = {}
        self._refused: dict[str, int] = {}

    def report(self) -> dict[str, Any]:
        """``refused``: commands that the room did not carry out, by code."""
        return {"counts": self._counts, "refused": self._refused, "late_ms": self._timers.late_ms}

    async def run(self) -> None:
        """Serve until cancelled."""
        for seat in self._seats.values():
            self._timers.after(seat.person.joins_after_s, self._arrive, seat)
        reader = streams.Reader(streams.connect(self._url), schemas.MediaCommand)
        reader.follow(names.media_stream(NODE), "0")
        async with asyncio.TaskGroup() as group:
            group.create_task(self._outbox.run())
            group.create_task(self._read_replies())
            group.create_task(
                beat(streams.connect(self._url), NODE, "media", lambda: len(self._seats), ADDRESS)
            )
            while True:
                for _stream, _position, command in await reader.read(READ_BLOCK_MS):
                    self._carry_out(command)

    async def _read_replies(self) -> None:
        redis, decode = streams.connect(self._url), schemas.decoder(schemas.Reply).decode
        while True:
            answer: Any = await redis.blpop([REPLIES], timeout=1)
            reply = decode(answer[1]) if answer else None
            if isinstance(reply, schemas.Failed):
                self._refused[reply.code] = self._refused.get(reply.code, 0) + 1

    def _carry_out(self, command: Any) -> None:
        seat = self._seats[command.session]
        if isinstance(command, schemas.Join):
            self._join(seat, command.call)
        elif isinstance(command, schemas.Part) and seat.call == command.call:
            seat.call = ""
            wrapup_s = min(WRAPUP_MOST_S, plan_of(command.call).wrapup_s)
            self._timers.after(wrapup_s, self._dispose, seat, command.call)

    # --- an agent's day ---

    def _arrive(self, seat: Seat) -> None:
        person = seat.person
        self._ask(seat, "join", name=f"Agent {person.agent}")
        self._say(schemas.SessionUp, seat)
        self._ask(seat, "ready")

    def _join(self, seat: Seat, call: str) -> None:
        self._count("joined")
        if seat.call:
            self._count("agent_joined_twice")
        seat.call, plan = call, plan_of(call)
        self._timers.after(FIRST_FRAME_S, self._heard, seat, call)
        self._timers.after(SCREEN_S, self._ask_in_call, seat, call, "shown", {"call": call})
        if plan.agent_ends:
            self._timers.after(self._talk_s(plan), self._ask_in_call, seat, call, "hangup", {})

    def _talk_s(self, plan: CallPlan) -> float:
        return plan.talk_s * (plan.age if time.time() < self._warm_until else 1.0)

    def _heard(self, seat: Seat, call: str) -> None:
        self._say(schemas.Joined, seat, call=call)

    def _ask_in_call(self, seat: Seat, call: str, name: str, args: dict[str, Any]) -> None:
        if seat.call == call:
            self._ask(seat, name, **args)

    def _dispose(self, seat: Seat, call: str) -> None:
        self._ask(seat, "dispose", call=call, disposition=seat.person.disposition, then="ready")

    # --- small tools ---

    def _ask(self, seat: Seat, command: str, /, **args: Any) -> None:
        person = seat.person
        message = schemas.AgentCommand(
            agent=person.agent, session=person.session, name=command, args=args, reply_to=REPLIES
        )
        self._outbox.put(names.room_stream(person.campaign), message)

    def _say(self, kind: Any, seat: Seat, **more: Any) -> None:
        person = seat.person
        who = {"session": person.session, "agent": person.agent, "campaign": person.campaign}
        self._outbox.put(names.room_stream(person.campaign), kind(node=NODE, at=time.time(), **who, **more))

    def _count(self, what: str) -> None:
        self._counts[what] = self._counts.get(what, 0) + 1


if __name__ == "__main__":
    orders = json.loads(Path(sys.argv[1]).read_text())
    crew = Crew(orders["url"], msgspec.convert(orders["people"], list[Person]), orders["warm_until"])
    serve(crew, Path(orders["report_to"]))
