"""One tab of an agent holds the console."""

from __future__ import annotations

import pytest

from agents.holding import Tab, tab_of
from dialer.bus import schemas
from dialer.live import consumer, frames
from tests.live.helpers import Browser, sign_in

pytestmark = pytest.mark.integration
FIRST, SECOND = "a" * 16, "b" * 16


async def _tab(agent, tab: str) -> tuple[Browser, dict]:
    browser = Browser(f"/ws/agent?tab={tab}", cookie=await sign_in(agent))
    return browser, await browser.hello()


async def test_a_second_tab_is_told_and_its_commands_are_refused(agent, campaign):
    first, _ = await _tab(agent, FIRST)
    second, hello = await _tab(agent, SECOND)
    assert hello["other_tab"] is True
    assert (await second.command("join", campaign=campaign.pk))["error"]["code"] == "other_tab"
    assert (await second.command("campaigns"))["ok"]
    await first.disconnect()
    await second.disconnect()


async def test_a_second_tab_takes_over_and_the_first_is_closed(agent, room, campaign):
    first, _ = await _tab(agent, FIRST)
    second, hello = await _tab(agent, SECOND)
    assert (await second.command("take_over")) == {
        "op": "result",
        "id": "take_over",
        "ok": True,
        "data": {"session": hello["session"]},
    }
    assert await first.close_code() == frames.CLOSE_TAKEN_OVER
    assert (await second.command("join", campaign=campaign.pk))["ok"]
    await second.disconnect()


async def test_the_same_tab_comes_back_without_asking(agent):
    first, _ = await _tab(agent, FIRST)
    again, hello = await _tab(agent, FIRST)
    assert hello["other_tab"] is False
    assert await first.close_code() == frames.CLOSE_TAKEN_OVER
    await again.disconnect()


async def test_a_tab_that_closes_frees_the_console(agent):
    first, _ = await _tab(agent, FIRST)
    await first.disconnect()
    second, hello = await _tab(agent, SECOND)
    assert hello["other_tab"] is False
    await second.disconnect()


async def test_a_tab_that_was_taken_over_does_not_tell_the_room_that_the_agent_is_away(agent, room, campaign):
    first, _ = await _tab(agent, FIRST)
    await first.command("join", campaign=campaign.pk)
    second, _ = await _tab(agent, SECOND)
    await second.command("take_over")
    await first.close_code()
    await first.disconnect()
    await second.command("ready")
    ups = [message.up for message in room.messages if isinstance(message, schemas.AgentConnection)]
    assert ups == [True]
    await second.disconnect()


async def test_a_hold_lost_without_a_word_is_noticed_by_the_watch(agent, live, monkeypatch):
    monkeypatch.setattr(consumer, "WATCH_S", 0.05)
    first, _ = await _tab(agent, FIRST)
    await Tab(agent.pk, SECOND, "c" * 8).take(live, by_force=True)
    assert await first.close_code() == frames.CLOSE_TAKEN_OVER


async def test_a_hold_that_redis_forgot_is_taken_again(agent, live, campaign, room):
    first, _ = await _tab(agent, FIRST)
    await live.delete(f"paceline:console:{agent.pk}")
    assert (await first.command("join", campaign=campaign.pk))["ok"]
    second, hello = await _tab(agent, SECOND)
    assert hello["other_tab"] is True
    await first.disconnect()
    await second.disconnect()


async def test_a_hold_lapses_by_itself(agent, live):
    assert await Tab(agent.pk, FIRST, "1").take(live)
    assert 0 < await live.ttl(f"paceline:console:{agent.pk}") <= 30
    assert not await Tab(agent.pk, SECOND, "2").take(live)


@pytest.mark.parametrize(
    "query", [b"", b"tab=", b"tab=../../x", b"tab=" + b"a" * 40, b"tab=%C3%BC", b"\xff\xfe"]
)
def test_a_tab_without_a_proper_name_gets_one(query: bytes):
    tab = tab_of(7, query)
    assert tab.agent == 7
    assert len(tab.tab) == 32
