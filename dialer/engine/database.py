"""Database work of the daemon: in its own threads, away from the loop that routes answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")
WRITERS = 1
"""SQLite takes one writer at a time; a second thread would only wait inside the database."""
READERS = 2

_writer = ThreadPoolExecutor(WRITERS, thread_name_prefix="db-write")
_readers = ThreadPoolExecutor(READERS, thread_name_prefix="db-read")


async def write(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a service in the writing thread."""
    return await _run(_writer, work, args, kwargs)


async def read(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a selector in a reading thread."""
    return await _run(_readers, work, args, kwargs)


async def _run(pool: ThreadPoolExecutor, work: Callable[..., R], args: Any, kwargs: Any) -> R:
    def call() -> R:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            # Nobody else ends this thread's connection: outside a request Django does not.
            if not connections["default"].in_atomic_block:
                close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(pool, call)
