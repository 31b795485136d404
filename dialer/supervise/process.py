"""One supervised process: start, watch, restart with patience, stop."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

RESTART_FIRST_S = 0.2
RESTART_LONGEST_S = 10.0
STEADY_S = 20.0
"""A process that ran this long is taken as well: its next restart is quick again."""
STOP_LIMIT_S = 10.0
PR_SET_PDEATHSIG = 1
PROJECT = Path(__file__).resolve().parents[2]
"""Where ``python -m`` finds the project, wherever the supervisor was started."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. ``order``: lower starts first and stops last."""

    name: str
    command: Sequence[str]
    order: int
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_limit_s: float = STOP_LIMIT_S
    again_after_s: float = 0.0
    """A second SIGTERM after so long, for a program that takes the first as a wish to finish its work; 0: none."""


def python(*arguments: str) -> list[str]:
    """A command line for this same Python, unbuffered."""
    return [sys.executable, "-u", *arguments]


class Process:
    """A program that is kept running until it is stopped."""

    def __init__(self, program: Program, tell: Callable[[str], None]) -> None:
        self.program, self._tell = program, tell
        self.starts = 0
        self._child: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._child.pid if self._child and self._child.returncode is None else None

    def start(self) -> None:
        """Run it from now on."""
        self._keeper = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        pause = RESTART_FIRST_S
        while not self._stopping:
            began = time.monotonic()
            code = await self._run_once()
            if self._stopping:
                return
            pause = (
                RESTART_FIRST_S if time.monotonic() - began > STEADY_S else min(pause * 2, RESTART_LONGEST_S)
            )
            self._tell(f"{self.program.name} ended ({_how(code)}); starting it again")
            await asyncio.sleep(pause)

    async def _run_once(self) -> int:
        self.starts += 1
        # A session of its own: a Ctrl-C at the terminal reaches the supervisor only, which stops the rest in order.
        self._child = await asyncio.create_subprocess_exec(
            *self.program.command,
            env={**os.environ, **self.program.environment},
            cwd=PROJECT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sys.stderr,
        )
        return await self._child.wait()

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL for the whole process group when it does not end within its limit."""
        self._stopping = True
        child = self._child
        if child is not None and child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
            try:
                await self._ended(child)
            except TimeoutError:
                self._tell(
                    f"{self.program.name} did not stop in {self.program.stop_limit_s:.0f} s; killing it"
                )
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def _ended(self, child: asyncio.subprocess.Process) -> None:
        """Wait within the limit, asking again where the program wants to be asked twice."""
        again = self.program.again_after_s
        if again:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), again)
                return
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
        await asyncio.wait_for(child.wait(), self.program.stop_limit_s - again)


def _end_with_parent() -> None:
    """A supervisor that is killed must not leave its processes behind: the kernel ends them (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
