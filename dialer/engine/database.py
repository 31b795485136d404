"""Database work of the daemon: in its own threads, away from the loop that routes answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import connections

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
        try:
            return work(*args, **kwargs)
        except DatabaseError:
            # The thread keeps its connection; after an error it may be dead, and Django closes it only in requests.
            connections["default"].close()
            raise

    return await asyncio.get_running_loop().run_in_executor(pool, call)
