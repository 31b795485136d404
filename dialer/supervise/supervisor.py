"""Starts programs in order, keeps them running, stops them in reverse order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby

from .process import Process, Program

Tell = Callable[[str], None]


class Supervisor:
    """All processes of one machine."""

    def __init__(self, programs: Sequence[Program], tell: Tell) -> None:
        ordered = sorted(programs, key=lambda program: program.order)
        self.processes = {program.name: Process(program, tell) for program in ordered}
        self._tell = tell

    async def start(self, between: Callable[[int], Awaitable[None]]) -> None:
        """Start rank by rank; ``between(rank)`` waits until what a rank needs is there."""
        for rank, group in groupby(self.processes.values(), key=lambda process: process.program.order):
            for process in group:
                process.start()
            await between(rank)

    async def stop(self) -> None:
        """Stop the last rank first, a rank at a time."""
        ranks = sorted({process.program.order for process in self.processes.values()}, reverse=True)
        for rank in ranks:
            members = [process for process in self.processes.values() if process.program.order == rank]
            await asyncio.gather(*(process.stop() for process in members))

    def pids(self) -> dict[str, int]:
        """Name → process id of what runs now."""
        return {name: process.pid for name, process in self.processes.items() if process.pid is not None}
