"""A scripted room: what a console meets at the other end of the bus, with the test deciding what happens."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from redis.asyncio import Redis

from dialer.bus import names, schemas, streams
from dialer.live import topics

DISPOSITIONS = [
    {"id": 1, "code": "sale", "name": "Sale", "key": "1", "meaning": "success"},
    {"id": 2, "code": "callback", "name": "Call back", "key": "2", "meaning": "callback"},
    {"id": 3, "code": "not_interested", "name": "Not interested", "key": "3", "meaning": "final"},
    {"id": 4, "code": "no_time", "name": "No time now", "key": "4", "meaning": "retry"},
    {"id": 5, "code": "wrong_person", "name": "Wrong person", "key": "5", "meaning": "final"},
    {"id": 6, "code": "machine", "name": "Answering machine", "key": "6", "meaning": "retry"},
    {"id": 7, "code": "language", "name": "Language barrier", "key": "7", "meaning": "final"},
    {"id": 8, "code": "dnc", "name": "Do not call", "key": "9", "meaning": "do_not_call"},
]
PAUSE_CODES = [
    {"code": code, "name": name}
    for code, name in (
        ("break", "Break"),
        ("lunch", "Lunch"),
        ("training", "Training"),
        ("meeting", "Meeting"),
    )
]
SCRIPT = """Hello, am I speaking with {{ first_name }}?

My name is {{ agent_name }} from Harbour Energy, on a recorded line. You have been with us in {{ city }} since \
{{ custom.customer_since }}, and your plan {{ custom.plan }} ends on {{ custom.ends_on }}.

I would like to offer you the renewal at the price you have now, fixed for two years. May I go through it with you?

If yes: confirm the address {{ address }}, {{ city }} {{ postal_code }}, and read the terms.

If the lead has no time: offer a callback at a time that suits them."""
LEAD = {
    "id": 41,
    "name": "Grace Moor",
    "first_name": "Grace",
    "last_name": "Moor",
    "company": "Moor & Daughters",
    "email": "grace@moor.example",
    "address": "12 Lark Street",
    "city": "Albany",
    "state": "NY",
    "postal_code": "12210",
    "phones": [{"number": "+15185550123", "kind": "mobile"}, {"number": "+15185550124", "kind": "office"}],
    "custom": {"plan": "Green 24", "customer_since": "2019"},
    "notes": "Prefers mornings.",
    "attempts": 1,
    "time_zone": "America/New_York",
    "callback_note": "",
    "history": [
        {
            "at": 1795000000,
            "outcome": "connected",
            "disposition": "No time now",
            "agent": "Ben Hale",
            "notes": "Was driving. Asked to be called at home; interested in the two-year plan.",
        },
        {"at": 1794700000, "outcome": "no_answer", "disposition": "", "agent": "", "notes": ""},
    ],
}
CALL_ID = f"{7:032x}"


class Room:
    """Answers commands as told, keeps what it got, and publishes the agent's topic."""

    def __init__(self, redis: Redis, campaign: int, agent: int, method: str = "predictive") -> None:
        self.redis = redis
        self.stream = names.room_stream(campaign)
        self.topic = topics.agent_topic(agent)
        self.campaign = {"id": campaign, "name": "Spring renewals", "method": method}
        self.answers: dict[str, schemas.Reply] = {}
        """Command → reply, where it is not ``Done``."""
        self.silent = False
        self.messages: list[Any] = []
        self._came = asyncio.Condition()
        self.entry: dict[str, Any] = {"id": agent, "name": "Amy Stone"}
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Room:
        self._reader = streams.Reader(self.redis, schemas.RoomMessage)
        self._reader.follow(self.stream, await self._reader.last(self.stream))
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._task is not None
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            for _, _, message in await self._reader.read(block_ms=200):
                async with self._came:
                    self.messages.append(message)
                    self._came.notify_all()
                await self._meet(message)

    async def _meet(self, message: Any) -> None:
        match message:
            case schemas.AgentCommand(name="join", reply_to=""):
                pass
            case schemas.AgentCommand() if not self.silent:
                answer = self.answers.get(message.name, schemas.Done())
                if message.name == "join" and isinstance(answer, schemas.Done):
                    await self.seat(message.session)
                await streams.reply(self.redis, message.reply_to, answer)
            case schemas.SessionUp():
                await self.show(media="up")
            case schemas.SessionDown():
                await self.show(media="lost")
            case schemas.AudioHeard():
                await self.show(audio_checked=True)

    def commands(self, name: str) -> list[schemas.AgentCommand]:
        """The commands of this name that came."""
        return [m for m in self.messages if isinstance(m, schemas.AgentCommand) and m.name == name]

    async def got(self, name: str, limit_s: float = 10.0, times: int = 1) -> schemas.AgentCommand:
        """The newest command of this name, waited for until so many have come."""
        async with asyncio.timeout(limit_s), self._came:
            await self._came.wait_for(lambda: len(self.commands(name)) >= times)
        return self.commands(name)[-1]

    async def seat(self, session: str) -> None:
        """What a room publishes when an agent joins."""
        await self.put("dispositions", DISPOSITIONS)
        await self.put("pause_codes", PAUSE_CODES)
        await self.put("script", SCRIPT)
        self.entry |= {"session": session, "campaign": self.campaign, "media": "down", "audio_checked": False}
        self.entry |= {"requested": None, "wrapup_until": None, "muted": False, "lagged": False, "notice": ""}
        await self.state("paused")

    async def put(self, type_: str, data: Any) -> None:
        """Publish one type of the agent's topic."""
        await topics.publish(self.redis, self.topic, type_, data)

    async def show(self, **changes: Any) -> None:
        """Change fields of the ``agent`` entry."""
        self.entry |= changes
        await self.put("agent", self.entry)

    async def state(self, state: str, reason: str = "", **changes: Any) -> None:
        """Take the agent to a state."""
        await self.show(state=state, reason=reason, since=time.time(), **changes)

    async def call(self, stage: str, **changes: Any) -> None:
        """Show the call at a stage."""
        now = time.time()
        shown = {
            "id": CALL_ID,
            "kind": "predictive",
            "stage": stage,
            "number": "+15185550123",
            "placed_at": None if stage == "preview" else now - 9,
            "answered_at": now if stage == "connected" else None,
            "connected_at": now if stage == "connected" else None,
            "ended_at": None,
            "caller_id": "+15185550100",
            "attempt": 2,
            "max_attempts": 5,
            "held": False,
            "end_reason": "",
            "preview_until": None,
        }
        await self.put("call", shown | changes)

    async def connect(self, **changes: Any) -> None:
        """A call connects: lead and call are shown, the agent talks."""
        await self.put("lead", LEAD)
        await self.call("connected", **changes)
        await self.state("talking")

    async def clear(self) -> None:
        """No call any more."""
        await self.put("call", None)
        await self.put("lead", None)
