"""One child as its parent sees it: the process, what it carries, and what it bears."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from . import wire
from .throttle import RateLimit

CHILD_STARTS_PER_S = 20.0
"""New calls that a child bears: PJSIP keeps two of 64 I/O handles of each ended call for half a second, and aborts
when there are none left."""
CHILD_BYTES = 20 << 20
"""Measured: 17 MB of its own each, and a little for its calls."""
PROJECT = Path(__file__).resolve().parent.parent.parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
"""All that a child gets of the environment: it has no use for secrets."""


class Child:
    """The parent's side of one child."""

    def __init__(self, process: subprocess.Popen[bytes], now: float) -> None:
        self.process = process
        self.pipe: wire.Pipe | None = None
        self.capacity = 0
        self.taken = 0
        self.calls: set[str] = set()
        self.rate = RateLimit(CHILD_STARTS_PER_S)
        self.full_until = 0.0
        self.started_at = self.busy_at = self.heard_at = self.pinged_at = now

    def free(self, now: float) -> int:
        """Slots that a call may be tried on."""
        return 0 if now < self.full_until else self.capacity - max(self.taken, len(self.calls))

    def send(self, message: wire.Message) -> None:
        """Tell the child something."""
        if self.pipe is not None:
            self.pipe.send(message)


def start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A new child process, and our end of the socket pair to it. Raises OSError when the system has no room."""
    ours, theirs = socket.socketpair()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module, no outside value in the command
            [sys.executable, "-m", "dialer.lines.child", str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=PROJECT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,
        )
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours


def room() -> int:
    """How many more children the free memory has room for."""
    with open("/proc/meminfo", encoding="ascii") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024 // CHILD_BYTES
    return 0
