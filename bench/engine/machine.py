"""The processes of the benchmark and their cores: the daemon has one to itself, all else shares the others."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from dialer.drill.cpu import CpuClock

PROJECT = Path(__file__).resolve().parents[2]
START_LIMIT_S, END_LIMIT_S = 15, 20


class Machine:
    """Starts processes on their cores, reads their processor time, and ends them all."""

    def __init__(self, redis_socket: Path) -> None:
        self._all = os.sched_getaffinity(0)
        self.daemon_core = {max(self._all)}
        self._others = self._all - self.daemon_core or self._all
        self._redis_socket = redis_socket
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def daemon_has_a_core(self) -> bool:
        """Whether nothing else of ours runs where the daemon does."""
        return not self.daemon_core & self._others

    def start_redis(self) -> None:
        """The product's embedded server, in the scratch directory."""
        self._start("redis", product_command("redis"), self._others)
        deadline = time.monotonic() + START_LIMIT_S
        while not self._redis_socket.exists():
            if time.monotonic() > deadline:
                raise TimeoutError("The embedded Redis does not start.")
            time.sleep(0.05)

    def start_daemon(self, name: str = "pace") -> subprocess.Popen[bytes]:
        """``manage.py pace`` on the daemon's core."""
        return self._start(name, product_command("pace"), self.daemon_core)

    def start_simulator(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A module of this benchmark, away from the daemon."""
        return self._start(module.rpartition(".")[2], python(module, arguments), self._others)

    def start_beside_daemon(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A module where the daemon will run."""
        return self._start(module.rpartition(".")[2], python(module, arguments), self.daemon_core)

    def _start(self, name: str, command: Sequence[str], cores: set[int]) -> subprocess.Popen[bytes]:
        os.sched_setaffinity(0, cores)  # Inherited, with every thread.
        try:
            self._running[name] = subprocess.Popen(command, cwd=PROJECT, stdout=sys.stderr)
        finally:
            os.sched_setaffinity(0, self._others)
        return self._running[name]

    def cpu_seconds(self) -> dict[str, float]:
        """Processor seconds so far, by name of the process."""
        clock = CpuClock()
        clock.read({name: process.pid for name, process in self._running.items() if process.poll() is None})
        return clock.seconds()

    def stop(self, names: Iterable[str]) -> None:
        """End these as the supervisor would, and wait for them."""
        ending = [self._running.pop(name) for name in names]
        for process in ending:
            process.terminate()
        for process in ending:
            try:
                process.wait(END_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def kill(self, name: str) -> None:
        """End one at once, as a crash would."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def close(self) -> None:
        """End everything, Redis last."""
        self.stop([name for name in self._running if name != "redis"])
        self.stop(list(self._running))
        os.sched_setaffinity(0, self._all)


def product_command(name: str) -> Sequence[str]:
    """The command line under which the product runs this process."""
    from dialer.supervise.programs import product_programs

    return next(program.command for program in product_programs() if program.name == name)


def python(module: str, arguments: Iterable[str]) -> list[str]:
    """A command line for a module."""
    return [sys.executable, "-m", module, *arguments]
