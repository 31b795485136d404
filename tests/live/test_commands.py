"""Commands are checked, answered once, and never hold up the changes."""

from __future__ import annotations

import pytest

from dialer.live import consumer, topics

from .helpers import BOARD, Browser

pytestmark = pytest.mark.integration


async def test_a_command_is_answered_with_its_id(browser: Browser):
    await browser.hello()
    result = await browser.command("say", text="hi")
    assert result == {"op": "result", "id": "say", "ok": True, "data": {"said": "hi"}}


@pytest.mark.parametrize(
    ("name", "args", "code"),
    [
        ("fly", {}, "bad_command"),
        ("say", {}, "bad_args"),
        ("say", {"text": 1}, "bad_args"),
        ("say", {"text": "x" * 21}, "bad_args"),
        ("say", {"text": "hi", "more": 1}, "bad_args"),
        ("stop", {}, "not_allowed"),
    ],
)
async def test_what_does_not_fit_is_refused_with_a_reason(browser: Browser, name: str, args: dict, code: str):
    await browser.hello()
    result = await browser.command(name, **args)
    assert result["error"]["code"] == code
    assert result["error"]["message"]


async def test_changes_go_on_while_a_command_waits(browser: Browser, live):
    await browser.subscribed()
    await browser.ask(op="command", id="1", name="wait", args={})
    await topics.publish(live, BOARD, "note", "meanwhile")
    assert (await browser.next("change"))["data"] == "meanwhile"


async def test_commands_in_flight_are_bounded(browser: Browser):
    await browser.hello()
    for number in range(consumer.COMMANDS_AT_ONCE):
        await browser.ask(op="command", id=f"w{number}", name="wait", args={})
    assert (await browser.command("say", text="hi"))["error"]["code"] == "busy"


async def test_a_command_that_breaks_is_answered_with_a_reference(browser: Browser):
    await browser.hello()
    error = (await browser.command("break"))["error"]
    assert error["code"] == "internal"
    assert (await browser.command("say", text="on"))["ok"]
