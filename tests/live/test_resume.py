"""A browser that comes back gets what it missed, or a snapshot where that is gone."""

from __future__ import annotations

import pytest

from dialer.live import topics

from .helpers import BOARD, Browser, sign_in

pytestmark = pytest.mark.integration


async def _resume(browser: Browser, seq: int, epoch: str = "") -> list[dict]:
    await browser.ask(op="resume", seq=seq, epoch=epoch)
    answers = [await browser.next()]
    while answers[-1]["op"] == "change":
        answers.append(await browser.next())
    return answers


async def test_a_resume_brings_the_changes_after_the_sequence(browser: Browser, live):
    for number in range(5):
        await topics.publish(live, BOARD, "note", number)
    await browser.hello()
    answers = await _resume(browser, 2)
    assert [a["data"] for a in answers[:-1]] == [2, 3, 4]
    assert (answers[-1]["op"], answers[-1]["seq"]) == ("resumed", 5)


async def test_a_resume_with_nothing_new_says_so(browser: Browser, live):
    await topics.publish(live, BOARD, "note", 1)
    await browser.hello()
    assert [a["op"] for a in await _resume(browser, 1)] == ["resumed"]


async def test_changes_follow_a_resume(browser: Browser, live):
    await topics.publish(live, BOARD, "note", 1)
    await browser.hello()
    await _resume(browser, 0)
    await topics.publish(live, BOARD, "note", 2)
    assert (await browser.next("change"))["seq"] == 2


async def test_a_gap_that_the_ring_no_longer_holds_becomes_a_snapshot(browser: Browser, live, monkeypatch):
    monkeypatch.setattr(topics, "RING", 10)
    for number in range(30):
        await topics.publish(live, BOARD, "note", number)
    await browser.hello()
    assert [a["op"] for a in await _resume(browser, 25)] == ["change"] * 5 + ["resumed"]
    assert [(a["op"], a["seq"]) for a in await _resume(browser, 5)] == [("snapshot", 30)]


async def test_a_sequence_from_the_future_becomes_a_snapshot(browser: Browser, live):
    await topics.publish(live, BOARD, "note", 1)
    await browser.hello()
    assert [a["op"] for a in await _resume(browser, 99)] == ["snapshot"]


async def test_a_sequence_of_a_count_that_was_lost_becomes_a_snapshot(browser: Browser, live):
    await topics.publish(live, BOARD, "note", "old")
    old = await browser.subscribed()
    await live.delete(f"paceline:live:{BOARD}:state", f"paceline:live:{BOARD}:ring")
    for number in range(3):
        await topics.publish(live, BOARD, "note", number)
    other = Browser(cookie=dict(browser.scope["headers"])[b"cookie"])
    await other.hello()
    answers = await _resume(other, old["seq"], old["epoch"])
    assert [(a["op"], a["seq"]) for a in answers] == [("snapshot", 3)]
    await other.disconnect()


async def test_an_open_socket_gets_a_snapshot_when_the_count_begins_anew(browser: Browser, live):
    await topics.publish(live, BOARD, "note", "old")
    await browser.subscribed()
    await live.delete(f"paceline:live:{BOARD}:state", f"paceline:live:{BOARD}:ring")
    await topics.publish(live, BOARD, "note", "new")
    assert (await browser.next("snapshot"))["state"] == {"note": "new"}


async def test_two_browsers_of_one_person_see_the_same(browser: Browser, agent, live):
    second = Browser(cookie=await sign_in(agent))
    await browser.subscribed()
    await second.subscribed()
    await topics.publish(live, BOARD, "note", "both")
    assert [(await b.next("change"))["data"] for b in (browser, second)] == ["both", "both"]
    await second.disconnect()
