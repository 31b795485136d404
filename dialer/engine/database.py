"""Database work of the daemon: in its own threads, away from the loop that routes answers.

One thread writes, the most urgent work first: a campaign that is being taken over before calls that are to be dialed,
those before what the journal brings, and leads for later when nothing else waits.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import IntEnum
from queue import PriorityQueue
from typing import Any, ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

P = ParamSpec("P")
R = TypeVar("R")
WRITERS = 1
"""SQLite takes one writer at a time; a second thread would only wait inside the database."""
READERS = 2
NICENESS = 5
"""Of these threads, a third of the loop's weight. Alike, the kernel let them run for 8 to 10 ms before the loop had its
core again, five times an answer: one answer in a hundred took 43 ms with forty campaigns, with this 17."""
STANDSTILL_MS = 1500
"""Between two statements of a transaction; the daemon's own are microseconds apart. Shorter than a lease."""


class Urgency(IntEnum):
    """What is written first."""

    TAKEOVER = 0
    DIAL = 1
    RECORD = 2
    AHEAD = 3


def _step_back() -> None:
    """Let the loop that routes answers go first where both want the same core."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


_writer = ThreadPoolExecutor(WRITERS, thread_name_prefix="db-write", initializer=_step_back)
_readers = ThreadPoolExecutor(READERS, thread_name_prefix="db-read", initializer=_step_back)
_waiting: PriorityQueue[tuple[Urgency, int, Callable[[], None]]] = PriorityQueue()
_turns = itertools.count()


def limit_standstill() -> None:
    """Let PostgreSQL end the transaction of a daemon that stands still in the middle of it.

    Its locks would keep the daemon that takes over waiting for as long as it stands.
    """
    connection_created.connect(_limit, dispatch_uid="engine-standstill")


def _limit(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = %s", [STANDSTILL_MS])


async def write(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a service in the writing thread."""
    return await _write(Urgency.RECORD, work, args, kwargs)


async def write_for_takeover(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a service before everything else that waits."""
    return await _write(Urgency.TAKEOVER, work, args, kwargs)


async def write_for_dial(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a service that somebody waits for."""
    return await _write(Urgency.DIAL, work, args, kwargs)


async def write_ahead(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a service once nothing else waits."""
    return await _write(Urgency.AHEAD, work, args, kwargs)


async def read(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a selector in a reading thread."""
    return await asyncio.get_running_loop().run_in_executor(_readers, _guarded(work, args, kwargs))


async def _write(urgency: Urgency, work: Callable[..., R], args: Any, kwargs: Any) -> R:
    future: Future[R] = Future()
    job = _guarded(work, args, kwargs)

    def run() -> None:
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(job())
            except BaseException as error:
                future.set_exception(error)

    _waiting.put((urgency, next(_turns), run))
    _writer.submit(_run_most_urgent)  # One turn for each job, whichever job takes it.
    return await asyncio.wrap_future(future)


def _run_most_urgent() -> None:
    _, _, run = _waiting.get_nowait()
    run()


def _guarded(work: Callable[..., R], args: Any, kwargs: Any) -> Callable[[], R]:
    def call() -> R:
        try:
            return work(*args, **kwargs)
        except DatabaseError:
            # The thread keeps its connection; after an error it may be dead, and Django closes it only in requests.
            connections["default"].close()
            raise

    return call
