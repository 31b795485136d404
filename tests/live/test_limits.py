"""What a browser sends is checked, bounded and never breaks the socket."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialer.live import frames, topics
from dialer.live.feed import UNREAD_LIMIT
from dialer.live.frames import BadFrame, FrameBudget, read_frame

from .helpers import BOARD, Browser

pytestmark = pytest.mark.integration

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NEARLY_FRAMES = st.fixed_dictionaries(
    {"op": st.sampled_from(["subscribe", "resume", "command", "ping", "hello", ""]) | JSON},
    optional={"id": JSON, "name": JSON, "args": JSON, "seq": JSON, "epoch": JSON, "topic": JSON},
)


@settings(max_examples=400, deadline=None)
@given(st.text() | JSON.map(json.dumps) | NEARLY_FRAMES.map(json.dumps))
def test_any_text_is_a_frame_or_a_bad_frame(text: str):
    with suppress(BadFrame):
        assert isinstance(read_frame(text), frames.Frame)


def test_a_deeply_nested_frame_is_a_bad_frame():
    with pytest.raises(BadFrame):
        read_frame('{"op":"command","id":"1","name":"x","args":' + '{"a":' * 5000 + "1" + "}" * 5001)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=NEARLY_FRAMES.map(json.dumps))
async def test_the_socket_lives_on_after_any_frame(browser: Browser, text: str):
    if not browser.greeted:
        await browser.hello()
    await browser.send_to(text_data=text)
    await browser.ask(op="ping")
    await browser.next("pong")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"op":"fly"}',
        '{"op":"ping","extra":1}',
        '{"op":"resume","seq":"1"}',
        '{"op":"resume","seq":-1}',
        '{"op":"resume","seq":99999999999999999999999}',
        '{"op":"command"}',
        '{"op":"command","id":"","name":"say"}',
        "\ud800",
    ],
)
async def test_a_bad_frame_is_answered_and_changes_nothing(browser: Browser, text: str):
    await browser.hello()
    await browser.send_to(text_data=text)
    answer = await browser.next()
    assert (answer["op"], answer["code"]) == ("error", "bad_frame")
    await browser.ask(op="ping")
    assert (await browser.next())["op"] == "pong"


async def test_a_binary_frame_is_bad(browser: Browser):
    await browser.hello()
    await browser.send_to(bytes_data=b"\x00\x01")
    assert (await browser.next())["code"] == "bad_frame"


async def test_a_frame_over_the_limit_is_bad(browser: Browser):
    await browser.hello()
    await browser.ask(op="command", id="1", name="say", args={"text": "x" * frames.FRAME_LIMIT_BYTES})
    assert (await browser.next())["code"] == "bad_frame"


async def test_twenty_bad_frames_in_a_row_close_the_socket(browser: Browser):
    await browser.hello()
    for _ in range(frames.BAD_FRAMES_LIMIT - 1):
        await browser.send_to(text_data="{")
    await browser.ask(op="ping")
    for _ in range(frames.BAD_FRAMES_LIMIT):
        await browser.send_to(text_data="{")
    assert await browser.close_code() == frames.CLOSE_BAD_FRAMES


async def test_too_many_frames_close_the_socket(browser: Browser):
    await browser.hello()
    for _ in range(int(frames.FRAMES_BURST) + 60):
        await browser.ask(op="ping")
    assert await browser.close_code() == frames.CLOSE_TOO_MANY_FRAMES


def test_the_budget_refills_with_time():
    budget = FrameBudget(0.0)
    assert all(budget.spend(0.0) for _ in range(int(frames.FRAMES_BURST)))
    assert not budget.spend(0.0)
    assert budget.spend(1.0)


async def test_a_client_that_reads_nothing_gets_no_more_and_then_a_fresh_snapshot(browser: Browser, live):
    await browser.subscribed()
    for number in range(UNREAD_LIMIT + 50):
        await topics.publish(live, BOARD, "note", number)
    for _ in range(UNREAD_LIMIT):
        await browser.next("change")
    assert await browser.receive_nothing(timeout=0.2)
    await browser.ask(op="ping")
    snapshot = await browser.next()
    assert (snapshot["op"], snapshot["state"]) == ("snapshot", {"note": UNREAD_LIMIT + 49})
    await topics.publish(live, BOARD, "note", "on")
    assert (await browser.next("change"))["data"] == "on"


async def test_a_client_that_acknowledges_gets_every_change(browser: Browser, live):
    await browser.subscribed()
    for number in range(2 * UNREAD_LIMIT):
        await topics.publish(live, BOARD, "note", number)
        assert (await browser.next("change"))["data"] == number
        if number % 100 == 99:
            await browser.ask(op="ping")
            await browser.next("pong")
