"""The agent's audio: which media node answers, and what it is told."""

from __future__ import annotations

import asyncio
import time

import pytest

from agents import audio
from dialer.bus import names, schemas, streams
from tests.live.helpers import Browser

pytestmark = pytest.mark.integration
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"


def _node(name: str, used: int = 0, capacity: int = 10, draining: bool = False) -> schemas.NodeStatus:
    now = time.time()
    return schemas.NodeStatus(
        node=name, kind="media", at=now, started_at=now, used=used, capacity=capacity, draining=draining
    )


@pytest.mark.parametrize(
    ("nodes", "before", "chosen"),
    [
        ([], None, None),
        ([_node("a", used=4), _node("b", used=2)], None, "b"),
        ([_node("a", used=8, capacity=100), _node("b", used=2)], None, "a"),
        ([_node("a", draining=True), _node("b", used=9)], None, "b"),
        ([_node("a", used=10), _node("b", draining=True)], None, None),
        ([_node("a", used=9), _node("b")], "a", "a"),
        ([_node("a", draining=True), _node("b")], "a", "b"),
        ([_node("b"), _node("a")], None, "a"),
    ],
)
def test_the_node_it_had_then_the_least_loaded(nodes, before, chosen):
    found = audio.choose_node(nodes, before)
    assert (found.node if found else None) == chosen


class Node:
    """Answers offers like a media node, without audio."""

    def __init__(self, redis, name: str = "m1") -> None:
        self.redis, self.name, self.got = redis, name, []
        self.came = asyncio.Condition()
        self.answer: schemas.Reply | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __aenter__(self):
        await self.redis.set(names.node_key("media", self.name), schemas.encode(_node(self.name)), ex=30)
        self.reader = streams.Reader(self.redis, schemas.MediaCommand)
        self.reader.follow(names.media_stream(self.name), "0")
        self.task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_error):
        self.task.cancel()

    async def _run(self):
        while True:
            for _, _, message in await self.reader.read(block_ms=100):
                async with self.came:
                    self.got.append(message)
                    self.came.notify_all()
                if isinstance(message, schemas.OpenSession):
                    await self.may_answer.wait()
                    answer = schemas.SessionAnswer(session=message.session, node=self.name, sdp="v=0 answer")
                    await streams.reply(self.redis, message.reply_to, self.answer or answer)

    async def until(self, kind) -> object:
        async with asyncio.timeout(5), self.came:
            await self.came.wait_for(lambda: any(isinstance(message, kind) for message in self.got))
        return [message for message in self.got if isinstance(message, kind)][-1]


async def test_an_offer_is_answered_by_a_media_node(console: Browser, agent, live):
    hello = await console.hello()
    async with Node(live) as node:
        result = await console.command("media_offer", sdp=SDP)
        assert result["data"] == {"sdp": "v=0 answer"}
        offer = await node.until(schemas.OpenSession)
    assert (offer.session, offer.agent, offer.campaign, offer.offer_sdp) == (
        hello["session"],
        agent.pk,
        0,
        SDP,
    )


async def test_without_a_media_node_the_console_is_told_what_to_do(console: Browser):
    await console.hello()
    error = (await console.command("media_offer", sdp=SDP))["error"]
    assert error["code"] == "no_media"
    assert "supervisor" in error["message"]


async def test_a_node_that_does_not_answer_is_no_media(console: Browser, live, monkeypatch):
    monkeypatch.setattr("agents.rooms.ANSWER_LIMIT_S", 0.2)
    await live.set(names.node_key("media", "m1"), schemas.encode(_node("m1")), ex=30)
    await console.hello()
    assert (await console.command("media_offer", sdp=SDP))["error"]["code"] == "no_media"


async def test_a_refusal_of_the_node_comes_with_its_words(console: Browser, live):
    await console.hello()
    async with Node(live) as node:
        node.answer = schemas.Failed(code="bad_offer", message="The offer has no audio.")
        assert (await console.command("media_offer", sdp=SDP))["error"]["code"] == "bad_offer"


async def test_echo_needs_audio_and_reaches_the_node(console: Browser, live):
    await console.hello()
    assert (await console.command("echo", on=True))["error"]["code"] == "no_media"
    async with Node(live) as node:
        await console.command("media_offer", sdp=SDP)
        assert (await console.command("echo", on=True))["ok"]
        assert (await node.until(schemas.Tone)).name == "echo_start"


async def test_a_join_attaches_the_audio_to_the_campaign_and_a_sign_out_closes_it(
    console: Browser, live, room, campaign
):
    await console.hello()
    async with Node(live) as node:
        await console.command("media_offer", sdp=SDP)
        await console.command("join", campaign=campaign.pk)
        assert (await node.until(schemas.Attach)).campaign == campaign.pk
        await console.command("sign_out")
        await node.until(schemas.CloseSession)


async def test_a_join_while_the_offer_is_being_answered_attaches_the_audio_too(
    console: Browser, live, room, campaign
):
    await console.hello()
    async with Node(live) as node:
        node.may_answer.clear()
        await console.ask(op="command", id="offer", name="media_offer", args={"sdp": SDP})
        assert (await node.until(schemas.OpenSession)).campaign == 0
        assert (await console.command("join", campaign=campaign.pk))["ok"]
        node.may_answer.set()
        assert (await node.until(schemas.Attach)).campaign == campaign.pk


async def test_a_new_node_takes_the_session_and_the_old_one_lets_go(console: Browser, live):
    await console.hello()
    async with Node(live, "m1") as old:
        await console.command("media_offer", sdp=SDP)
        await live.delete(names.node_key("media", "m1"))
        async with Node(live, "m2"):
            assert (await console.command("media_offer", sdp=SDP))["ok"]
        await old.until(schemas.CloseSession)
