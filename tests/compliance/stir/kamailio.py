"""Kamailio with its secsipid module as a verifying provider on loopback, ended with the test."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from dialer.drill.scratch import free_port
from tests.requirements import need_program

from .authority import Authority, Issued

CONFIG = Path(__file__).with_name("kamailio.cfg")
START_LIMIT_S, STOP_LIMIT_S, ANSWER_LIMIT_S = 15.0, 10.0, 3.0


class Kamailio:
    """One process. What it would fetch lies in its cache, as if it had been fetched before."""

    def __init__(self, home: Path, authority: Authority, leaf: Issued, x5u: str) -> None:
        self._home = home
        self.port = free_port(socket.SOCK_DGRAM)
        (home / "cache").mkdir()
        (home / "roots.pem").write_bytes(authority.root.pem)
        (home / "intermediates.pem").write_bytes(authority.intermediate.pem)
        (home / "key.pem").write_bytes(leaf.key_pem)
        values = {"@PORT@": str(self.port), "@HOME@": str(home), "@X5U@": x5u}
        text = CONFIG.read_text()
        for name, value in values.items():
            text = text.replace(name, value)
        (home / "kamailio.cfg").write_text(text)
        self.publish(x5u, authority.chain(leaf))

    def publish(self, x5u: str, chain: bytes) -> None:
        """Put a chain where its address leads."""
        name = x5u.replace("://", "_").replace("/", "_")
        (self._home / "cache" / name).write_bytes(chain)

    @contextlib.contextmanager
    def running(self) -> Iterator[Kamailio]:
        """Started and answering."""
        home = str(self._home)
        command = [need_program("kamailio"), "-f", f"{home}/kamailio.cfg", "-DD", "-E"]
        command += ["-m", "32", "-M", "8", "-w", home, "-Y", home]
        with (
            (self._home / "kamailio.log").open("wb") as log,
            subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process,
        ):
            try:
                self._until_it_answers()
                yield self
            finally:
                process.terminate()
                try:
                    process.wait(STOP_LIMIT_S)
                except subprocess.TimeoutExpired:
                    process.kill()

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while True:
            with contextlib.suppress(OSError):
                self.sign("+12025550100", "+12025550199", limit_s=0.3)
                return
            assert time.monotonic() < deadline, (self._home / "kamailio.log").read_text()

    def sign(self, caller: str, called: str, limit_s: float = ANSWER_LIMIT_S) -> str:
        """An Identity header that Kamailio makes. Raises ``OSError`` where it does not answer."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
            ours.bind(("127.0.0.1", 0))
            ours.settimeout(limit_s)
            ours.connect(("127.0.0.1", self.port))
            ours.send(self._options(caller, called, ours.getsockname()[1]))
            answer = ours.recv(65536).decode()
        headers = dict(line.split(": ", 1) for line in answer.split("\r\n")[1:] if ": " in line)
        return headers["Identity"]

    def _options(self, caller: str, called: str, port: int) -> bytes:
        lines = [
            f"OPTIONS sip:{called}@127.0.0.1:{self.port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{uuid.uuid4().hex}",
            "Max-Forwards: 70",
            f"From: <sip:{caller}@127.0.0.1>;tag=1",
            f"To: <sip:{called}@127.0.0.1>",
            f"Call-ID: {uuid.uuid4().hex}",
            "CSeq: 1 OPTIONS",
            "Content-Length: 0",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()
