"""An idle socket stays: channels-redis blocks for 5 s, and redis-py would give up after 5 s by default."""

from __future__ import annotations

import asyncio

import pytest

from dialer.live import topics

from .helpers import BOARD, Browser

pytestmark = pytest.mark.integration
IDLE_S = 12.0


async def test_a_socket_idle_for_twelve_seconds_still_gets_changes(browser: Browser, live):
    await browser.subscribed()
    await asyncio.sleep(IDLE_S)
    await topics.publish(live, BOARD, "note", "still here")
    assert (await browser.next("change"))["data"] == "still here"
