"""sipp as the carrier, and what it counted itself."""

from __future__ import annotations

import csv
import re
import signal
import socket
import subprocess
from pathlib import Path

from dialer.drill.scratch import free_port
from tests.requirements import need_program

SCENARIO = Path(__file__).resolve().parent / "sipp" / "carrier.xml"
START_LIMIT_S, STOP_LIMIT_S = 10.0, 15.0


class SippCarrier:
    """One sipp process with the carrier scenario (``sipp/carrier.xml`` says what each last digit does)."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.port = free_port(socket.SOCK_DGRAM)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> SippCarrier:
        """Start it. It echoes audio on one port for all calls."""
        audio = str(free_port(socket.SOCK_DGRAM))
        command = [need_program("sipp"), "-sf", str(SCENARIO), "-i", "127.0.0.1", "-p", str(self.port)]
        command += ["-mi", "127.0.0.1", "-mp", audio, "-rtp_echo", "-nostdin", "-fd", "1"]
        command += ["-trace_counts", "-trace_stat", "-stf", "stat.csv", "-trace_err"]
        with (self._home / "sipp.log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=self._home, stdout=log, stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_error: object) -> None:
        """SIGUSR1 lets calls end and writes the last counts."""
        assert self._process is not None
        self._process.send_signal(signal.SIGUSR1)
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def messages(self) -> dict[str, int]:
        """Message → how often it was sent or came in, repeats apart: ``INVITE_Recv``, ``486_Sent``, ``BYE_Recv``."""
        (path,) = self._home.glob("carrier_*_counts.csv")
        with path.open(newline="") as file:
            *_, last = csv.DictReader(file, delimiter=";")
        counts: dict[str, int] = {}
        for column, value in last.items():
            found = re.fullmatch(r"\d+_(\w+_(?:Recv|Sent|Unexp|Timeout))", column or "")
            if found and value:
                counts[found[1]] = counts.get(found[1], 0) + int(value)
        return counts

    def statistics(self) -> dict[str, str]:
        """The last line of sipp's statistics file."""
        with (self._home / "stat.csv").open(newline="") as file:
            *_, last = csv.DictReader(file, delimiter=";")
        return last
