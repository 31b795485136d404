"""Trunks that fail in every way: the lead keeps its chance, the trunk rests and says why, and dialing resumes after.

The real daemon and a real line node with its pjsua2 processes run here in one process, against small far ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from campaigns.choices import LeadStatus
from campaigns.models import Campaign
from dialer.bus.ending import end
from dialer.calls.models import Call, Trunk
from dialer.calls.services.save_trunk import save_trunk
from dialer.engine import configs
from dialer.engine.board import FAILURES_TO_OPEN, REST_FIRST_S, TrunkState
from dialer.engine.clock import Clock
from dialer.engine.daemon import Daemon
from dialer.engine.room.model import Seat
from dialer.lines.config import LineConfig
from dialer.lines.node import LineNode
from tests.engine.scripted import SECRET, ScriptedAgent, beat_media, until
from tests.engine.test_daemon import NOON_OFFSET_S, seed
from tests.lines.far_end import FarCall, FarEnd

pytestmark = [pytest.mark.stack, pytest.mark.django_db(transaction=True)]
AGENTS, LEADS = 6, 30


class FastClock(Clock):
    """The engine's clock, which a test may set ahead."""

    ahead_s = 0.0

    def now(self) -> float:
        """Unix seconds."""
        return super().now() + self.ahead_s


class Floor:
    """A campaign with ready agents, one trunk, a daemon and a line node."""

    def __init__(self, redis: Any, redis_url: str) -> None:
        self.redis, self.url = redis, redis_url
        self.far_ends: list[FarEnd] = []

    async def open(self, host: str, port: int) -> None:
        """Everything up, dialing this trunk."""
        self.campaign, people, _ = await seed(leads=LEADS, agents=AGENTS)
        await self.point_trunk(host, port)
        self.node = LineNode(LineConfig(redis_url=self.url, bus_secret=SECRET, max_lines=16))
        self.daemon = Daemon(self.url, SECRET)
        self.clock = self.daemon.clock = FastClock()
        work = (self.node.run(), self.daemon.run(), beat_media(self.redis, "media-1"))
        self.tasks = [asyncio.create_task(each) for each in work]
        await until(lambda: self.campaign in self.daemon.runners and self.daemon.board.lines, 20)
        for agent, session in people:
            await ScriptedAgent(self.redis, agent, session, self.campaign, "media-1").arrive()

    async def far_end(self, script: Callable[[FarCall], Awaitable[None]]) -> int:
        """A far end that does this with every call; returns its port."""
        self.far_ends.append(await FarEnd(script).start())
        return self.far_ends[-1].port

    async def point_trunk(self, host: str, port: int) -> None:
        """What an administrator does on the trunk's page."""

        def save() -> None:
            save_trunk(Trunk.objects.get(), "administrator", {"host": host, "port": port})

        await sync_to_async(save)()

    @property
    def trunk(self) -> TrunkState:
        """What the daemon knows of the trunk."""
        (state,) = self.daemon.board.trunks.values()
        return state

    @property
    def resting(self) -> bool:
        """Whether the trunk rests."""
        return bool(self.daemon.board.trunks) and self.trunk.resting(self.clock.now())

    @property
    def seats(self) -> list[Seat]:
        """The agents as the room sees them."""
        return list(self.daemon.runners[self.campaign].room.seats.values())

    async def calls(self, **filters: Any) -> list[Call]:
        """Call records."""
        return await sync_to_async(lambda: list(Call.objects.filter(**filters).select_related("lead")))()

    def floor_entry(self) -> dict[str, Any]:
        """The trunk as supervisors see it."""
        runner = self.daemon.runners[self.campaign]
        return self.daemon.board.trunk_view(runner.room.config.trunks[0], self.clock.now())

    async def close(self) -> None:
        """End everything."""
        self.daemon.stop()
        self.node.stop()
        await end([self.tasks.pop(2)])
        _, left = await asyncio.wait(self.tasks, timeout=15)
        assert not left, [task.get_stack() for task in left]
        for far_end in self.far_ends:
            await far_end.close()


@pytest_asyncio.fixture
async def floor(
    redis: Any, redis_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Floor]:
    """Not opened yet."""
    settings.GATE_OFFSET_S = NOON_OFFSET_S
    # The clock of the gate may be set for trunks on this machine only, and a name that does not resolve is nowhere.
    monkeypatch.setattr(configs, "is_loopback", lambda _host: True)
    built = Floor(redis, redis_url)
    yield built
    await built.close()
    await sync_to_async(connections.close_all)()


def refuses(code: int, text: str) -> Callable[[FarCall], Awaitable[None]]:
    """Answers every INVITE with this."""

    async def script(call: FarCall) -> None:
        call.trying()
        extra = ['WWW-Authenticate: Digest realm="far", nonce="n"'] if code == 401 else []
        call.reject(code, text, *extra)

    return script


async def says_nothing(_call: FarCall) -> None:
    """A dead trunk."""


async def rings_and_answers(call: FarCall) -> None:
    """What a good trunk does."""
    call.trying()
    call.ringing()
    await call.answer()


async def hangs_up_at_once(call: FarCall) -> None:
    """Answers and is gone."""
    await call.answer()
    await call.acked.wait()
    call.bye()


async def offers_nonsense(call: FarCall) -> None:
    """Answers with a codec that nobody has."""
    await call.answer("m=audio 4000 RTP/AVP 99\r\na=rtpmap:99 nonsense/8000\r\n")


async def plays_early_media(call: FarCall) -> None:
    """183 with audio, and never an answer."""
    call.trying()
    await call.progress()


FAILING = {
    "401 to everything": (refuses(401, "Unauthorized"), "401"),
    "403 to everything": (refuses(403, "Forbidden"), "403"),
    "503 to everything": (refuses(503, "Service Unavailable"), "503"),
    "says nothing": (says_nothing, "no answer from the carrier"),
}


async def assert_rests(floor: Floor, why: str) -> None:
    """The trunk rests after some failures, says why, and nothing is dialed meanwhile."""
    await until(lambda: floor.resting, 30)
    entry = floor.floor_entry()
    assert (entry["state"], why in entry["why"]) == ("resting", True), entry
    runner = floor.daemon.runners[floor.campaign]
    assert why in floor.daemon.board.notice(runner.room.config.trunks, floor.clock.now())
    await until(lambda: not runner.room.live_calls, 15)
    placed = len(await floor.calls())
    assert FAILURES_TO_OPEN <= placed < LEADS
    await asyncio.sleep(0.5)
    assert len(await floor.calls()) == placed


async def assert_leads_keep_their_chance(floor: Floor) -> None:
    """No attempt is counted, and the leads are due again."""
    calls = await until(lambda: floor.calls(ended_at__isnull=False))
    for call in calls:
        assert (call.outcome, call.lead.attempts, call.lead.status) == ("failed", 0, LeadStatus.NEW)
        assert call.lead.next_call_at is not None
        assert call.lead.live_call == ""


async def assert_resumes(floor: Floor) -> None:
    """The trunk is mended; one call tries it after the rest, and the others follow."""
    await floor.point_trunk("127.0.0.1", await floor.far_end(rings_and_answers))
    await asyncio.sleep(3.5)  # what the line node knows of a trunk is up to 3 s old
    floor.clock.ahead_s += REST_FIRST_S
    await until(lambda: floor.calls(connected_at__isnull=False), 20)
    await until(lambda: not floor.resting)
    assert floor.floor_entry()["state"] == "ok"


@pytest.mark.parametrize("name", FAILING)
async def test_a_trunk_that_fails_rests_and_the_leads_keep_their_chance(floor: Floor, name: str) -> None:
    script, why = FAILING[name]
    await floor.open("127.0.0.1", await floor.far_end(script))
    await assert_rests(floor, why)
    await assert_leads_keep_their_chance(floor)
    await assert_resumes(floor)


async def test_a_trunk_whose_name_does_not_resolve_rests_too(floor: Floor) -> None:
    await floor.open("nowhere.invalid", 5060)
    await assert_rests(floor, "the host name does not resolve")
    await assert_leads_keep_their_chance(floor)
    await assert_resumes(floor)


@pytest.mark.parametrize(
    ("script", "why"),
    [(offers_nonsense, "audio"), (hangs_up_at_once, "hung up at once")],
    ids=["unusable SDP", "hangs up at once"],
)
async def test_a_trunk_whose_answers_are_worth_nothing_rests(
    floor: Floor, script: Callable[[FarCall], Awaitable[None]], why: str
) -> None:
    await floor.open("127.0.0.1", await floor.far_end(script))
    await until(lambda: floor.resting, 30)
    entry = floor.floor_entry()
    assert (entry["state"], why in entry["why"]) == ("resting", True), entry
    await until(lambda: floor.calls(ended_at__isnull=False))
    for call in await floor.calls(ended_at__isnull=False):
        assert call.answered_at is not None
        assert call.outcome in ("connected", "abandoned")
    await until(lambda: {seat.state for seat in floor.seats} <= {"ready", "wrapup"}, 20)


async def test_early_media_is_no_answer_and_no_fault_of_the_trunk(floor: Floor) -> None:
    await floor.open("127.0.0.1", await floor.far_end(plays_early_media))
    await sync_to_async(Campaign.objects.update)(ring_limit_s=15)
    calls = await until(lambda: floor.calls(ended_at__isnull=False), 40)
    for call in calls:
        assert (call.outcome, call.ended_by, call.answered_at) == ("no_answer", "ring_limit", None)
        assert call.lead.attempts == 1
    assert not floor.resting
