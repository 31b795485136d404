"""What live tests share: a signed-in agent, and a channel layer that starts empty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from channels.layers import channel_layers

from accounts.models import User

from .helpers import Browser, make_person, sign_in


@pytest.fixture
def live(transactional_db: Any, redis: Any, redis_url: str, settings: Any) -> Any:
    """Database and Redis, both empty, and the web process's settings pointing at them."""
    layer = dict(settings.CHANNEL_LAYERS["default"])
    layer["CONFIG"] = layer["CONFIG"] | {"hosts": [{"address": redis_url, "socket_timeout": None}]}
    settings.CHANNEL_LAYERS = {"default": layer}
    settings.REDIS_URL = redis_url
    channel_layers.backends.clear()
    return redis


@pytest_asyncio.fixture
async def agent(live: Any) -> User:
    """An agent of Acme."""
    return await make_person()


@pytest_asyncio.fixture
async def browser(agent: User) -> AsyncIterator[Browser]:
    """The agent's browser, not yet connected."""
    browser = Browser(cookie=await sign_in(agent))
    yield browser
    await browser.disconnect()
