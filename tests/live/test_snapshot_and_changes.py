"""A browser that subscribes sees the state and every change once, in order."""

from __future__ import annotations

import asyncio

import pytest
from channels.layers import get_channel_layer

from dialer.live import topics

from .helpers import BOARD, Browser, change_of

pytestmark = pytest.mark.integration


async def test_hello_comes_first_and_names_the_topic(browser: Browser):
    hello = await browser.hello()
    assert (hello["op"], hello["protocol"], hello["topic"]) == ("hello", 1, BOARD)
    assert hello["server_time"] > 1_700_000_000


async def test_nothing_is_pushed_before_the_client_subscribes(browser: Browser, live):
    await browser.hello()
    await topics.publish(live, BOARD, "note", 1)
    assert await browser.receive_nothing(timeout=0.2)


async def test_a_snapshot_holds_what_was_published_before(browser: Browser, live):
    await topics.publish(live, BOARD, "note", "Hello")
    await topics.publish(live, BOARD, "row", {"n": 1}, id_="7")
    snapshot = await browser.subscribed()
    assert snapshot["state"] == {"note": "Hello", "row": {"7": {"n": 1}}}
    assert snapshot["seq"] == 2


async def test_changes_applied_to_the_old_snapshot_give_the_new_one(browser: Browser, live):
    await topics.publish(live, BOARD, "row", {"n": 1}, id_="7")
    state = (await browser.subscribed())["state"]
    await topics.publish(live, BOARD, "note", "Hello")
    await topics.publish(live, BOARD, "row", {"n": 2}, id_="8")
    await topics.publish(live, BOARD, "row", id_="7", op="remove")
    await topics.publish(live, BOARD, "note", op="remove")
    await topics.publish(live, BOARD, "note", None)
    for expected in range(2, 7):
        frame = await browser.next("change")
        assert frame["seq"] == expected
        topics.apply(state, change_of(frame))
    assert state == (await topics.snapshot(live, BOARD)).state


async def test_no_change_is_lost_or_doubled_around_the_snapshot(browser: Browser, live):
    await browser.hello()
    publishing = asyncio.create_task(_publish_many(live, 200))
    await asyncio.sleep(0.01)
    await browser.ask(op="subscribe")
    seq = (await browser.next("snapshot"))["seq"]
    while seq < 200:
        frame = await browser.next("change")
        assert frame["seq"] == seq + 1
        seq = frame["seq"]
    await publishing
    assert await browser.receive_nothing(timeout=0.1)


async def _publish_many(live, count: int) -> None:
    for number in range(count):
        await topics.publish(live, BOARD, "note", number)


async def test_a_change_that_overtakes_another_is_put_in_order(browser: Browser, live):
    await browser.subscribed()
    layer = get_channel_layer()
    sent = []

    async def keep(group, message):
        sent.append((group, message))

    original, layer.group_send = layer.group_send, keep
    await topics.publish(live, BOARD, "note", "first")
    await topics.publish(live, BOARD, "note", "second")
    layer.group_send = original
    for group, message in reversed(sent):
        await layer.group_send(group, message)
    assert [(await browser.next("change"))["data"] for _ in range(2)] == ["first", "second"]
    assert await browser.receive_nothing(timeout=0.1)


async def test_a_push_that_got_lost_is_made_good_by_the_watch(browser: Browser, live, monkeypatch):
    monkeypatch.setattr("dialer.live.consumer.WATCH_S", 0.1)
    await browser.subscribed()
    layer = get_channel_layer()

    async def lose(group, message):
        return None

    monkeypatch.setattr(layer, "group_send", lose)
    await topics.publish(live, BOARD, "note", "lost on the way")
    assert (await browser.next("change"))["data"] == "lost on the way"
