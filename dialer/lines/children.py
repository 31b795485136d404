"""The children of a line node: started on demand, some kept spare, replaced when they die, let go when idle."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from . import child_process, wire
from .child_process import Child
from .config import LineConfig

log = structlog.get_logger()
CHILD_CALLS_WISHED = 32
"""What a child asks of its stack. A process has one core for Python's part of the audio, and its death ends its
calls, so more would not be better; the usual wheel grants fewer."""
FULL_REST_S = 0.5
"""A child that had no slot after all is left alone for so long."""
SPARE_SHARE = 0.25
"""Free slots that are kept ready, as a share of those in use; at least those of ``SPARE_CHILDREN``."""
SPARE_CHILDREN = 3
STARTING_AT_ONCE = 4
START_LIMIT_S = 10.0
RESTART_REST_S = 1.0
"""After a child that never got ready, so that a broken installation does not burn the processor."""
IDLE_LIMIT_S = 30.0
PING_EVERY_S = 2.0
SILENT_LIMIT_S = 10.0
"""A child that does not answer for so long hangs: it is killed, and its calls are reported as lost."""
END_LIMIT_S = 3.0


class ChildPool:
    """``on_message`` gets what the children say about calls; ``on_lost`` each child that died."""

    def __init__(
        self,
        config: LineConfig,
        directory: Path,
        on_message: Callable[[Child, Any], None],
        on_lost: Callable[[Child], None],
    ) -> None:
        self._config = config
        self._directory = directory
        self._on_message = on_message
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self.children: list[Child] = []
        self._ending: list[tuple[float, subprocess.Popen[bytes]]] = []
        self._changed = asyncio.Event()
        self._start_at = 0.0
        self._wanted = 0
        self._stopping = False
        self._registrations: dict[int, tuple[Child, wire.Route]] = {}
        self._greetings: set[asyncio.Task[None]] = set()

    # --- slots ------------------------------------------------------------------------------------

    def take(self, call: str) -> Child | None:
        """The busiest child that can place a call now, so that idle ones may go; None when there is none."""
        now = self._loop.time()
        able = [c for c in self.children if c.free(now) > 0 and c.rate.wait_s(now) == 0]
        if not able:
            return None
        child = max(able, key=lambda c: len(c.calls))
        child.rate.start(now)
        child.calls.add(call)
        child.busy_at = now
        return child

    def give_back(self, child: Child, call: str) -> None:
        """The call has ended; the stack may hold its slot a little longer and says so."""
        child.calls.discard(call)
        child.busy_at = self._loop.time()
        self._note_change()

    def mark_full(self, child: Child, call: str) -> None:
        """The child could not place the call after all."""
        child.full_until = self._loop.time() + FULL_REST_S
        self.give_back(child, call)

    async def wait(self, limit_s: float) -> None:
        """Until slots may have become free, but no longer than this."""
        self._wanted += 1
        self.balance()
        try:
            # Not wait_for: in Python 3.11 it may lose the cancellation of a call that is withdrawn meanwhile.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(limit_s):
                    await self._changed.wait()
        finally:
            self._wanted -= 1

    def _note_change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    @property
    def is_growing(self) -> bool:
        """Whether a child is on its way."""
        return any(not child.capacity for child in self.children)

    @property
    def slots(self) -> int:
        """Calls that the children of now can carry."""
        return sum(child.capacity for child in self.children)

    def capacity(self) -> int:
        """Calls that the node can carry now, or in a moment when the children on their way are ready.

        It grows with demand, and never past what memory or the settings allow: a promise that it can keep."""
        on_their_way = sum(not child.capacity for child in self.children)
        return min(self._config.max_lines, self.slots + on_their_way * self._size())

    def _size(self) -> int:
        """The calls that one child carries, as the children have said; 1 until one has."""
        return max((child.capacity for child in self.children), default=0) or 1

    # --- life and death ---------------------------------------------------------------------------

    def balance(self) -> None:
        """Start children where slots run short, let one go where many are idle, bury the dead."""
        self._bury()
        if self._stopping:
            return
        now = self._loop.time()
        starting = [c for c in self.children if not c.capacity]
        size = self._size()
        in_use = sum(len(c.calls) for c in self.children)
        free = sum(c.free(now) for c in self.children) + len(starting) * size
        short = max(size * SPARE_CHILDREN, int(in_use * SPARE_SHARE)) + self._wanted - free
        room = -(-(self._config.max_lines - self.slots) // size) - len(starting)
        count = min(-(-short // size), room, STARTING_AT_ONCE - len(starting))
        if count > 0 and now >= self._start_at:
            for _ in range(min(count, child_process.room())):
                self._start_child()
        self._retire(-short, now)
        for child in self.children:
            self._watch(child, now)

    def _watch(self, child: Child, now: float) -> None:
        """Kill a child that hangs or does not get ready; its pipe then tells that it is gone."""
        limit_s = SILENT_LIMIT_S if child.capacity else START_LIMIT_S
        if now - child.heard_at > limit_s:
            log.error("line_child_hangs", pid=child.process.pid)
            child.process.kill()
        elif child.capacity and now - child.pinged_at > PING_EVERY_S:
            child.pinged_at = now
            child.send(wire.Ping())

    def _retire(self, surplus: int, now: float) -> None:
        for child in self.children:
            idle = (
                child.capacity and not child.calls and not child.taken and now - child.busy_at > IDLE_LIMIT_S
            )
            idle = idle and all(child is not holder for holder, _ in self._registrations.values())
            if idle and surplus >= child.capacity:
                self._let_go(child)
                return

    def _let_go(self, child: Child) -> None:
        child.send(wire.Stop())
        child.capacity = 0
        self.children.remove(child)
        self._ending.append((self._loop.time() + END_LIMIT_S, child.process))

    def _start_child(self) -> None:
        try:
            process, connection = child_process.start()
        except OSError:
            log.exception("line_child_not_started")
            self._start_at = self._loop.time() + RESTART_REST_S
            return
        child = Child(process, self._loop.time())
        self.children.append(child)
        self._greetings.add(task := self._loop.create_task(self._greet(child, connection)))
        task.add_done_callback(self._greetings.discard)

    async def _greet(self, child: Child, connection: socket.socket) -> None:
        pipe = wire.Pipe(wire.FromChild, lambda m: self._hear(child, m), lambda: self._lose(child))
        await self._loop.create_connection(lambda: pipe, sock=connection)
        child.pipe = pipe
        config = self._config
        child.send(
            wire.Start(
                node=config.node,
                bind=config.bind,
                calls_wanted=CHILD_CALLS_WISHED,
                directory=str(self._directory),
                ca_file=config.ca_file,
            )
        )

    def _hear(self, child: Child, message: Any) -> None:
        child.heard_at = self._loop.time()
        match message:
            case wire.Pong():
                pass
            case wire.Ready():
                child.capacity = message.capacity
                child.busy_at = self._loop.time()
                self._note_change()
            case wire.Taken():
                child.taken = message.slots
                self._note_change()
            case _:
                self._on_message(child, message)

    def _lose(self, child: Child) -> None:
        """The child's end of the pipe is closed: it is dead, or dying."""
        self._ending.append((self._loop.time() + END_LIMIT_S, child.process))
        if child not in self.children:
            return
        if not child.capacity:
            self._start_at = self._loop.time() + RESTART_REST_S
        self.children.remove(child)
        if child.calls or not self._stopping:
            log.error("line_child_lost", pid=child.process.pid, calls=len(child.calls))
        self._on_lost(child)
        self.balance()

    def register(self, trunk: int, route: wire.Route) -> None:
        """Have one child, and only one, keep this trunk's registration."""
        holder, known = self._registrations.get(trunk, (None, None))
        if holder in self.children and known == route:
            return
        child = next((c for c in self.children if c.capacity), None)
        if child is not None:
            self._registrations[trunk] = (child, route)
            child.send(wire.Register(route=route))

    def _bury(self) -> None:
        now = self._loop.time()
        for deadline, process in list(self._ending):
            if process.poll() is not None:
                self._ending.remove((deadline, process))
            elif now > deadline:
                process.kill()

    async def stop(self) -> None:
        """End all children; they hang up first. Their last events still reach ``on_message``."""
        self._stopping = True
        for child in self.children:
            if child.capacity:
                child.send(wire.Stop())
            else:
                child.process.kill()
        deadline = self._loop.time() + END_LIMIT_S
        processes = [*(child.process for child in self.children), *(process for _, process in self._ending)]
        while any(process.poll() is None for process in processes) and self._loop.time() < deadline:
            await asyncio.sleep(0.02)
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.wait()
