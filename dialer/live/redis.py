"""The web process's Redis client: one for each event loop, made when first asked for."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from django.conf import settings
from redis.asyncio import Redis

from dialer.bus.streams import connect

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()


def shared_redis() -> Redis:
    """The client of the running loop; a client's connections cannot be used from another loop."""
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = connect(settings.REDIS_URL, max_connections=1000)
    return client
