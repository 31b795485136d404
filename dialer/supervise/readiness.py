"""Waiting for what the next process needs, and telling the operator when calls flow."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import timezone
from redis.exceptions import RedisError

from dialer.bus import streams
from dialer.calls.models import Call
from dialer.engine import database

FLOW_LIMIT_S = 60.0
POLL_S = 0.1


async def _wait_for_redis() -> None:
    """Until Redis answers."""
    redis = streams.connect(settings.REDIS_URL)
    try:
        while True:
            with contextlib.suppress(RedisError, OSError):
                if await redis.ping():
                    return
            await asyncio.sleep(POLL_S)
    finally:
        await redis.aclose()


async def _wait_for_nodes(kinds: Sequence[str]) -> None:
    """Until a node of each kind beats."""
    redis = streams.connect(settings.REDIS_URL)
    try:
        while not all([await streams.nodes(redis, kind) for kind in kinds]):
            await asyncio.sleep(POLL_S)
    finally:
        await redis.aclose()


async def _wait_for_port(host: str, port: int) -> None:
    """Until something listens there."""
    while True:
        try:
            _reader, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(POLL_S)
            continue
        writer.close()
        return


async def wait_for_rank(rank: int) -> None:
    """What the next rank of programs needs before it starts."""
    if rank == 0:
        await _wait_for_redis()
    elif rank == 2:
        await _wait_for_nodes(("line", "media"))
    elif rank == 3:
        await _wait_for_port(settings.HTTP_HOST, settings.HTTP_PORT)
    elif rank == 4:
        await _wait_for_nodes(("pace",))


class Flow:
    """Watches the first calls after a start and says what happens."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._since = timezone.now()

    async def watch(self) -> None:
        """Say when the first call is placed, answered and connected; say so too when none comes within a minute."""
        began = time.monotonic()
        told: set[str] = set()
        while time.monotonic() - began < FLOW_LIMIT_S and "connected" not in told:
            for what, count in (await database.read(self._counts)).items():
                if count and what not in told:
                    told.add(what)
                    self._say(f"first call {what} after {time.monotonic() - began:.0f} s")
            await asyncio.sleep(0.5)
        if "connected" in told:
            self._say("calls flow. Sign in and press Ready; Ctrl-C stops everything.")
        else:
            self._say("no call was connected within a minute; look at the floor page, it says why.")

    def _counts(self) -> dict[str, int]:
        calls = Call.objects.filter(placed_at__gte=self._since)
        return {
            "placed": calls.count(),
            "answered": calls.filter(answered_at__isnull=False).count(),
            "connected": calls.filter(connected_at__isnull=False).count(),
        }
