"""Fetches the chains that PASSporTs point to, and keeps them for a while (ATIS-1000074, 5.3.1).

The address comes from whoever calls, so nothing is taken on trust: https on 443 or 8443 without user, query or
fragment, public addresses only, no redirects, two seconds and 16 KB in all. What could not be fetched is not asked
for again for some seconds, so that bad calls do not make us a burden to others.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

import httpx

from .web import Road, WebFailed, background, checked_addresses, exchange, open_client
from .x5u import X5uInvalid, parse_x5u

TOTAL_LIMIT_S = 2.0
CHAIN_BYTES_MAX = 16_384
"""A real chain has about 3,000."""
KEPT_S = 3600.0
"""How long a chain is used; a certificate that changes lies at another address (ATIS-1000080)."""
FAILURE_KEPT_S = 10.0
KEPT_MAX = 2000
"""Addresses; the one that was asked for longest ago goes first."""


class FetchFailed(Exception):
    """The chain cannot be had; the message says why."""


class ChainStore:
    """Chains by their address, for all threads of a process. The same address is never fetched twice at once."""

    def __init__(self, road: Road, clock: Callable[[], float] = time.monotonic) -> None:
        self._road, self._clock = road, clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, bytes | FetchFailed]] = OrderedDict()
        self._under_way: dict[str, Future[bytes | FetchFailed]] = {}

    def get(self, x5u: str) -> bytes:
        """The chain as PEM, unchecked. Raises ``FetchFailed``."""
        with self._lock:
            found = self._find(x5u)
            waiting = self._under_way.get(x5u) if found is None else None
            if found is None and waiting is None:
                waiting = self._under_way[x5u] = background("stir-fetching").start(self._fetch(x5u))
        answer = found if found is not None else waiting.result()  # type: ignore[union-attr]
        if isinstance(answer, FetchFailed):
            raise FetchFailed(str(answer))
        return answer

    def _find(self, x5u: str) -> bytes | FetchFailed | None:
        until, answer = self._kept.get(x5u, (0.0, None))
        if answer is None or until <= self._clock():
            return None
        self._kept.move_to_end(x5u)
        return answer

    async def _fetch(self, x5u: str) -> bytes | FetchFailed:
        answer: bytes | FetchFailed = FetchFailed("It was not fetched.")
        try:
            async with asyncio.timeout(TOTAL_LIMIT_S):
                answer = await fetch_chain(x5u, self._road)
        except TimeoutError:
            answer = FetchFailed(f"No answer within {TOTAL_LIMIT_S:.0f} seconds.")
        except FetchFailed as error:
            answer = error
        finally:
            self._keep(x5u, answer)
        return answer

    def _keep(self, x5u: str, answer: bytes | FetchFailed) -> None:
        seconds = FAILURE_KEPT_S if isinstance(answer, FetchFailed) else KEPT_S
        with self._lock:
            self._under_way.pop(x5u, None)
            self._kept[x5u] = (self._clock() + seconds, answer)
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)


async def fetch_chain(x5u: str, road: Road) -> bytes:
    """What lies at the address now. The limit of time is the caller's. Raises ``FetchFailed``."""
    try:
        url = httpx.URL(parse_x5u(x5u).geturl())
        async with open_client(road, 1) as client:
            addresses = await checked_addresses(road, url)
            status, body = await exchange(client, url, addresses, CHAIN_BYTES_MAX)
    except (X5uInvalid, WebFailed) as error:
        raise FetchFailed(str(error)) from error
    if status != httpx.codes.OK:
        raise FetchFailed(f"It answered with HTTP {status}.")
    return body
