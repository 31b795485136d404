"""Fixtures for the media node's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from .rig import Rig


@pytest_asyncio.fixture
async def rig(redis, redis_url: str) -> AsyncIterator[Rig]:
    """A running media node."""
    async with Rig(redis, redis_url) as rig:
        yield rig
