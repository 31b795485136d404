"""A practice agent at a console whose server is in the test's hands."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
import pytest

from dialer.practice import agent as agent_module
from dialer.practice import headset as headset_module
from dialer.practice import voices
from dialer.practice.agent import AgentStopped, Habits, PracticeAgent
from dialer.practice.conversation import Conversation
from dialer.practice.dispositions import choose_disposition

from .fake_console import CALL_ID, DISPOSITIONS, FakeConsole
from .uac import eventually

pytestmark = pytest.mark.integration
BRISK = Habits(talk_s=(0.0, 0.0), wrap_s=(0.0, 0.0), campaign="Demo")
TALKATIVE = Habits(talk_s=(600.0, 600.0), wrap_s=(0.0, 0.0), campaign="Demo")


class StandInPhone:
    """The WebRTC end is tested with the media node; here it only has to be made, asked and heard."""

    made: list[StandInPhone]

    def __init__(self, source: Callable[[], np.ndarray], on_frame: Callable[[np.ndarray], None]) -> None:
        self.source, self.on_frame = source, on_frame
        self.connected = asyncio.Event()
        self.closed = False
        self.made.append(self)

    async def offer(self) -> str:
        return "v=0 an offer"

    async def accept(self, answer_sdp: str) -> None:
        assert answer_sdp == "answer"
        self.connected.set()

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def phones(monkeypatch: pytest.MonkeyPatch) -> list[StandInPhone]:
    StandInPhone.made = []
    monkeypatch.setattr(headset_module, "Softphone", StandInPhone)
    monkeypatch.setattr(agent_module, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(agent_module, "PATIENCE_S", 0.02)
    monkeypatch.setattr(agent_module, "REOFFER_AFTER_S", 0.05)
    monkeypatch.setattr(agent_module, "LEAVE_LIMIT_S", 0.3)
    return StandInPhone.made


class AtWork:
    """An agent and what it reported."""

    def __init__(self, server: FakeConsole, habits: Habits) -> None:
        self.talks: list[Conversation] = []
        self.sign_ins = 0
        self.agent = PracticeAgent(
            server.url, "practice1", self._sign_in, habits, self.talks.append, random.Random(1)
        )

    async def _sign_in(self) -> str:
        self.sign_ins += 1
        return f"sessionid=s{self.sign_ins}"

    async def talked(self) -> Conversation:
        await eventually(lambda: self.talks)
        return self.talks[0]


@asynccontextmanager
async def working(server: FakeConsole, habits: Habits = BRISK) -> AsyncIterator[AtWork]:
    at_work = AtWork(server, habits)
    running = asyncio.create_task(at_work.agent.run())
    try:
        yield at_work
    finally:
        await at_work.agent.stop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_it_joins_lays_its_audio_and_gets_ready(phones: list[StandInPhone]) -> None:
    async with FakeConsole() as server, working(server):
        await server.until("ready")
        assert server.names() == ["campaigns", "join", "media_offer", "ready"]
        assert dict(server.commands)["join"] == {"campaign": 5}
        assert server.cookies == ["sessionid=s1"]
        assert len(phones) == 1


async def test_it_shows_talks_hangs_up_disposes_and_reports(phones: list[StandInPhone]) -> None:
    async with FakeConsole() as server, working(server) as at_work:
        await server.until("ready")
        await server.connect_call()
        assert await server.until("shown") == {"call": CALL_ID}
        talk = await at_work.talked()
        disposed = await server.until("dispose")
        assert server.names()[-3:] == ["shown", "hangup", "dispose"]
        assert disposed["call"] == CALL_ID
        assert disposed["then"] == "ready"
        assert talk.ended_by == "agent"
        assert talk.on_screen_at == pytest.approx(talk.connected_at, abs=2)
        assert talk.disposition in ("sale", "callback")
        assert talk.joined == "unheard"


async def test_it_speaks_its_own_voice_in_a_call_and_keeps_still_after(phones: list[StandInPhone]) -> None:
    async with FakeConsole() as server, working(server, TALKATIVE):
        await server.until("ready")
        assert not phones[0].source().any()
        await server.connect_call()
        await server.until("shown")
        word = voices.pcm_frames(voices.agent(7))
        assert any((phones[0].source() == frame).all() for frame in word)
        await server.end_call()
        await server.until("dispose")
        assert not phones[0].source().any()


async def test_it_makes_a_sound_before_the_audio_check(phones: list[StandInPhone]) -> None:
    server = FakeConsole()
    server.refuse["media_offer"] = "no_media"
    async with server, working(server):
        await server.until("media_offer", 2)
        assert np.abs(phones[-1].source()).max() > 1000
        assert all(phone.closed for phone in phones[:-1])


@pytest.mark.parametrize(("speaker", "joined"), [
    (voices.far_end("+12125550103"), "right"), (voices.far_end("+12125550104"), "wrong"), (voices.agent(8), "wrong"),
])  # fmt: skip
async def test_the_far_ends_voice_proves_the_join(
    phones: list[StandInPhone], speaker: voices.Identity, joined: str
) -> None:
    async with FakeConsole() as server, working(server, TALKATIVE) as at_work:
        await server.until("ready")
        await server.connect_call()
        await server.until("shown")
        for frame in [*voices.pcm_frames(speaker), *voices.pcm_frames(speaker)]:
            phones[0].on_frame(frame)
        await server.end_call()
        talk = await at_work.talked()
        assert talk.joined == joined
        assert talk.heard == [str(speaker)]
        assert talk.ended_by == "far_end"
        assert talk.first_audio_at > 0


async def test_a_machine_is_disposed_of_as_one() -> None:
    async with FakeConsole(number="+12125550150") as server, working(server):
        await server.until("ready")
        await server.connect_call()
        assert (await server.until("dispose"))["disposition"] == 2


async def test_a_previewed_lead_is_dialed() -> None:
    async with FakeConsole(method="preview") as server, working(server):
        await server.until("ready")
        await server.put("call", server.call("preview"))
        await server.put("agent", server.state["agent"] | {"state": "preview"})
        await server.until("preview_dial")
        await server.until("dispose")


async def test_numbers_are_dialed_by_hand_in_a_manual_campaign() -> None:
    habits = Habits(numbers=("+12125550101", "+12125550102"), campaign="Demo")
    server = FakeConsole(method="manual")
    server.refuse["dial"] = "refused"
    async with server, working(server, habits) as at_work:
        await server.until("dial", 3)
        dialed = [args["number"] for name, args in server.commands if name == "dial"]
        assert dialed[:3] == ["+12125550101", "+12125550102", "+12125550101"]
        assert at_work.agent.errors["refused"] >= 2


async def test_a_broken_socket_is_resumed_in_mid_call() -> None:
    async with FakeConsole() as server, working(server, TALKATIVE) as at_work:
        await server.until("ready")
        await server.connect_call()
        await server.until("shown")
        await server.drop()
        await server.end_call()
        await server.until("dispose")
        assert server.connections == 2
        assert [frame["op"] for frame in server.frames if frame["op"] != "command"][:2] == [
            "subscribe",
            "resume",
        ]
        assert server.names().count("shown") == 1
        assert at_work.agent.reconnects == 1
        assert (await at_work.talked()).call == CALL_ID


async def test_where_the_changes_are_gone_a_snapshot_does() -> None:
    async with FakeConsole() as server, working(server, TALKATIVE) as at_work:
        await server.until("ready")
        server.known_from = 10_000
        await server.drop()
        await server.connect_call()
        await server.until("shown")
        assert at_work.agent.console.snapshots == 2
        assert at_work.agent.console.resumed == 0


async def test_a_missed_change_is_asked_for() -> None:
    async with FakeConsole() as server, working(server, TALKATIVE):
        await server.until("ready")
        await server.put("call", server.call("connected"), lose=True)
        await server.put("agent", server.state["agent"] | {"state": "talking"}, lose=True)
        await server.put("lead", {"id": 11})
        assert await server.until("shown") == {"call": CALL_ID}
        assert [frame["op"] for frame in server.frames if frame["op"] == "resume"]


@pytest.mark.parametrize("media", ["lost", "down"])
async def test_lost_audio_is_offered_again(phones: list[StandInPhone], media: str) -> None:
    async with FakeConsole() as server, working(server):
        await server.until("ready")
        await server.put("agent", server.state["agent"] | {"media": media})
        await server.until("media_offer", 2)
        assert [phone.closed for phone in phones] == [True, False]


async def test_an_agent_who_lost_the_seat_joins_again() -> None:
    async with FakeConsole() as server, working(server):
        await server.until("ready")
        await server.put(
            "agent", server.state["agent"] | {"campaign": None, "state": "paused", "media": "down"}
        )
        await server.until("join", 2)
        await server.until("ready", 2)


async def test_a_console_in_another_tab_is_taken_over() -> None:
    server = FakeConsole()
    server.other_tab = True
    async with server, working(server):
        await server.until("ready")
        assert server.names()[0] == "take_over"


async def test_an_agent_who_is_signed_out_signs_in_again() -> None:
    server = FakeConsole()
    server.close_with = 4401
    async with server, working(server) as at_work:
        await eventually(lambda: at_work.sign_ins >= 2)
        server.close_with = None
        await server.until("ready")
        assert server.cookies[-1] == f"sessionid=s{at_work.sign_ins}"


@pytest.mark.parametrize("code", [4403, 4409])
async def test_an_agent_who_is_not_wanted_stops(code: int) -> None:
    server = FakeConsole()
    server.close_with = code
    async with server:
        at_work = AtWork(server, BRISK)
        with pytest.raises(AgentStopped):
            await asyncio.wait_for(at_work.agent.run(), 15)


async def test_waits_between_attempts_grow_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_module, "FIRST_RETRY_S", 0.5)
    at_work = AtWork.__new__(AtWork)
    agent = PracticeAgent("http://x", "a", at_work._sign_in, BRISK, print, random.Random(1))
    waits = [agent._retry_after_s(failures) for failures in range(1, 12)]
    assert all(0.5 <= wait <= 8.0 for wait in waits)
    assert min(waits[5:]) >= 4.0


async def test_stopping_in_mid_call_ends_it_properly() -> None:
    async with FakeConsole() as server:
        async with working(server, TALKATIVE) as at_work:
            await server.until("ready")
            await server.connect_call()
            await server.until("shown")
            agent_module.LEAVE_LIMIT_S = 10.0
        assert server.names()[-3:] == ["hangup", "dispose", "sign_out"]
        assert dict(server.commands)["dispose"]["then"] == "pause"
        assert at_work.agent._left.is_set()


def test_dispositions_fit_what_answered() -> None:
    chance = random.Random(1)
    people = {choose_disposition(DISPOSITIONS, False, chance)["code"] for _ in range(200)}
    assert people == {"sale", "callback"}
    assert choose_disposition(DISPOSITIONS, True, chance)["code"] == "machine"
    assert choose_disposition(DISPOSITIONS[:1], True, chance)["code"] == "sale"
    assert choose_disposition([], False, chance) is None
