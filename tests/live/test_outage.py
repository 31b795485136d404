"""Redis away: the socket says so and asks the client to come back."""

from __future__ import annotations

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from dialer.live import consumer, feed, frames, topics
from dialer.live.redis import shared_redis

from .helpers import Browser

pytestmark = pytest.mark.integration


async def test_without_redis_the_client_is_asked_to_try_again(browser: Browser, settings):
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"] = [{"address": "unix:///nowhere.sock"}]
    await browser.connect(timeout=5)
    assert await browser.close_code() == frames.CLOSE_TRY_AGAIN


async def test_an_open_socket_says_that_updates_are_interrupted(browser: Browser, monkeypatch):
    monkeypatch.setattr(consumer, "WATCH_S", 0.05)
    await browser.subscribed()

    async def away(*_args):
        raise RedisConnectionError("away")

    monkeypatch.setattr(topics, "position", away)
    assert (await browser.next("notice"))["code"] == "interrupted"
    assert await browser.close_code() == frames.CLOSE_TRY_AGAIN


async def test_one_client_serves_one_loop(live):
    assert shared_redis() is shared_redis()
    assert feed.shared_redis() is shared_redis()
