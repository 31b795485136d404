"""Ending tasks for sure."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_S = 0.2


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel these, again and again, until each has ended.

    One cancellation may be lost: in Python 3.11 ``asyncio.wait_for``, which redis-py uses for each send under a time
    limit, forgets one that meets the end of what it waits for (https://github.com/python/cpython/issues/86296).
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_S)
