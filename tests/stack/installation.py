"""A scratch installation that runs as an operator's does: ``manage.py up``, and practice ends beside it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from dialer.drill.scratch import environment, gate_offset

from .drills import MANAGE, ONE_IN_NEW_YORK, PROJECT

T = TypeVar("T")
UP_LIMIT_S = 90.0
STOP_LIMIT_S = 25.0
"""In which everything must have ended after SIGTERM."""
POLL_S = 0.1


def until(look: Callable[[], T], limit_s: float, what: str | Callable[[], str]) -> T:
    """Wait for something to become true and return it; fails with a clear message when it does not."""
    deadline = time.monotonic() + limit_s
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {limit_s:.0f} s: {what() if callable(what) else what}")
        time.sleep(POLL_S)
    return found


class Installation:
    """Data, ports and processes of its own, all gone after ``close``."""

    def __init__(self) -> None:
        # A short path: a Unix socket's may have 107 characters.
        self.home = Path(tempfile.mkdtemp(prefix="pl-", dir="/tmp"))
        self.environment = environment(self.home, gate_offset(ONE_IN_NEW_YORK, None, datetime.now(UTC)))
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    # --- processes ------------------------------------------------------------------------------------

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end; returns what it printed."""
        command = [sys.executable, MANAGE, *arguments]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a management command in the background; its output goes to ``NAME.log``."""
        with (self.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-u", MANAGE, *arguments],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self.running[name]

    def up(self) -> None:
        """Start the product and wait until it says so."""
        before = self.log("up").count("Paceline is up")
        self.start("up", "up", "--pids", str(self.home / "pids.json"))
        until(
            lambda: self.log("up").count("Paceline is up") > before,
            UP_LIMIT_S,
            lambda: self.log("up")[-2000:],
        )

    def stop(self, name: str, limit_s: float = STOP_LIMIT_S) -> float:
        """SIGTERM; returns how many seconds it took to end."""
        process, began = self.running.pop(name), time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(limit_s)
        return time.monotonic() - began

    def kill(self, name: str) -> float:
        """SIGKILL a process of ``up``, or one that this test started; returns the Unix time."""
        started = self.running.get(name)
        pid = started.pid if started else self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        if started:
            self.running.pop(name).wait()
        return time.time()

    def pids(self) -> dict[str, int]:
        """What ``up`` runs now, name → process id."""
        pids = json.loads((self.home / "pids.json").read_text())
        return {name: int(pid) for name, pid in pids.items()}

    def restarted(self, name: str, old: int) -> bool:
        """Whether ``up`` has started the process anew."""
        return self.pids().get(name, old) != old

    def log(self, name: str) -> str:
        """What a process has said so far."""
        path = self.home / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def close(self) -> None:
        """End everything and remove the data."""
        for name in reversed(list(self.running)):
            try:
                self.stop(name)
            except subprocess.TimeoutExpired:
                self.kill(name)
        shutil.rmtree(self.home, ignore_errors=True)

    # --- the database, read from outside --------------------------------------------------------------

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of the installation's database, by plain SQL: a second opinion on what the product wrote."""
        address = f"file:{self.home}/paceline.sqlite3?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=20)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def count(self, query: str, *values: Any) -> int:
        """The first number of the first row."""
        return int(next(iter(self.rows(query, *values)[0].values())) or 0)

    def calls_placed(self) -> int:
        """Call records so far."""
        return self.count("SELECT count(*) FROM calls_call")

    def talking(self) -> list[dict[str, Any]]:
        """Calls that are joined with an agent now."""
        return self.rows("SELECT * FROM calls_call WHERE stage = 'connected'")


def sql_time(seconds: float) -> str:
    """Unix seconds as the database writes times."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def descendants(root: int) -> set[int]:
    """The process and all that came from it, as they stand now."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return set(found)


def alive(pids: set[int]) -> set[int]:
    """Which of these processes still run (a zombie does not)."""
    left = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                left.add(pid)
    return left
