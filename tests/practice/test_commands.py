"""What the two commands refuse, and that the carrier runs as a program."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dialer.management.commands.practice_agents import seconds_range

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("text", "expected"), [("5-20", (5.0, 20.0)), ("3", (3.0, 3.0)), ("0.5-1", (0.5, 1.0))]
)
def test_ranges_of_seconds_are_read(text: str, expected: tuple[float, float]) -> None:
    assert seconds_range(text) == expected


@pytest.mark.parametrize("text", ["", "20-5", "-1", "a-b", "1-2-3", "nan"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no range"):
        seconds_range(text)


@pytest.mark.parametrize(("arguments", "message"), [
    (["--answer-rate", "1.5"], "between 0 and 1"), (["--talk-scale", "-1"], "must not be negative"),
])  # fmt: skip
def test_the_carrier_refuses_settings_that_make_no_sense(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("carrier", *arguments)


def test_the_carrier_says_when_its_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="Cannot listen"):
            call_command("carrier", "--port", str(taken.getsockname()[1]))


def test_a_crew_of_nobody_is_refused() -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("practice_agents", "--count", "0")


def test_a_missing_file_of_numbers_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.txt"):
        call_command("practice_agents", "--numbers", str(tmp_path / "nowhere.txt"))


def test_the_carrier_runs_and_stops_as_a_program(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, "manage.py", "carrier", "--port", "0", "--report", str(report)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "Practice carrier on sip:127.0.0.1:" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert json.loads(report.read_text())["calls"] == []
