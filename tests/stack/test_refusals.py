"""A file with every reason for which a lead is refused: counted to the number, and no far end ever sees it."""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialer.drill.scratch import free_port

from .drills import MANAGE, PROJECT, assert_reconciled, figures_of, run_drill

pytestmark = pytest.mark.stack
NOON_IN_NEW_YORK = "2026-11-20T17:00"
"""A Friday; nine in California, seven in Hawaii."""
AGREED_ON = "2026-05-01"
ENDINGS = range(10, 16)
"""People who answer and talk (docs/practice.md)."""


def numbers(area: str, count: int = 3) -> list[str]:
    """Numbers of nobody (555-01XX) whose far ends would answer."""
    return [f"+1{area}55501{ending}" for ending in ENDINGS][:count]


FREE = numbers("212", 5)
LEADS: dict[str, list[tuple[str, str]]] = {
    "": [(number, "NY") for number in FREE],
    "national_dnc": [(number, "NY") for number in numbers("332", 4)],
    "state_dnc": [(number, "CO") for number in numbers("303")],
    "campaign_dnc": [(number, "NY") for number in numbers("347", 4)],
    "litigator": [(number, "NY") for number in numbers("516", 2)],
    "own_dnc": [(number, "NY") for number in numbers("518", 5)],
    "wildcard": [(number, "NY") for number in numbers("585")],
    "consent": [(number, "FL") for number in numbers("305")],
    "reassigned": [(number, "FL") for number in numbers("321", 2)],
    "window": [(number, "HI") for number in numbers("808", 4)],
}
"""Reason → number and state of each of its leads."""


@dataclass
class Carrier:
    """Where it listens, and the report it leaves when it ends."""

    port: int
    report: Path
    process: subprocess.Popen[bytes]

    def seen(self) -> set[str]:
        """Stop it: the national numbers of every call that it saw."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        return {call["number"][-10:] for call in json.loads(self.report.read_text())["calls"]}


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[Carrier]:
    """A practice carrier of our own."""
    report, port = tmp_path / "carrier.json", free_port(socket.SOCK_DGRAM)
    command = [
        sys.executable,
        MANAGE,
        "carrier",
        "--port",
        str(port),
        "--report",
        str(report),
        "--delay-scale",
        "0.1",
    ]
    process = subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, "PACELINE_DATA": str(tmp_path / "data")}
    )
    yield Carrier(port, report, process)
    process.kill()


def lines(path: Path, rows: list[str]) -> str:
    path.write_text("\n".join(rows) + "\n")
    return str(path)


def table(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def of(reason: str) -> list[str]:
    return [number for number, _ in LEADS[reason]]


def lists(folder: Path) -> Iterator[str]:
    """The options that bring each list, in the forms in which registries deliver them."""
    ftc = [f"{number[2:5]},{number[5:]}" for number in of("national_dnc")]
    yield f"national={lines(folder / 'national.txt', ftc)}"
    yield f"state:CO={lines(folder / 'co.csv', ['Phone', *of('state_dnc')])}"
    yield f"campaign={lines(folder / 'campaign.txt', of('campaign_dnc')[:2])}"
    yield f"internal={lines(folder / 'internal.txt', of('campaign_dnc')[2:])}"
    yield f"litigator={lines(folder / 'litigators.txt', [number[2:] for number in of('litigator')])}"
    yield f"own={lines(folder / 'own.txt', of('own_dnc'))}"
    yield f"wildcard={lines(folder / 'wildcards.txt', ['585-555'])}"


def test_every_refusal_is_counted_and_no_far_end_sees_its_number(tmp_path: Path, carrier: Carrier) -> None:
    leads = [pair for pairs in LEADS.values() for pair in pairs]
    rows = [[f"Lead {n}", number, state] for n, (number, state) in enumerate(leads)]
    agreed = [[number, "written", AGREED_ON, "Call me."] for number in of("reassigned")]
    agreed += [[number, "express", AGREED_ON, ""] for number in (*FREE, *of("window"))]
    said = dict(zip(of("reassigned"), ("yes", "no data"), strict=True))
    answers = [[number, AGREED_ON, said.get(number, "no")] for number, _ in leads]
    done = run_drill(
        table(tmp_path / "leads.csv", [["First name", "Phone", "State"], *rows]),
        *("--agents", "3", "--talk", "1-1.5", "--wrap", "0.1-0.2", "--seconds", "120"),
        *("--at", NOON_IN_NEW_YORK, "--trunk", f"sip:127.0.0.1:{carrier.port}", "--purpose", "sales"),
        *[option for text in lists(tmp_path) for option in ("--list", text)],
        *(
            "--consents",
            str(table(tmp_path / "consents.csv", [["number", "kind", "given_at", "text"], *agreed])),
        ),
        *("--reassigned", str(table(tmp_path / "answers.csv", [["number", "date", "response"], *answers]))),
    )
    figures = figures_of(done)
    assert figures["refused"] == {reason: len(pairs) for reason, pairs in sorted(LEADS.items()) if reason}
    assert_reconciled(figures, len(leads))
    assert done.returncode == 0, done.stderr[-4000:]
    assert figures["placed"] == len(FREE)
    assert carrier.seen() == {number[2:] for number in FREE}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--list", "national"], "is no list"),
        (["--list", "state=x"], "is no list"),
        (["--list", "national=nowhere.txt"], "There is no file"),
        (["--consents", "nowhere.csv"], "There is no file"),
    ],
)
def test_rules_that_cannot_be_read_are_a_clear_message(tmp_path: Path, options: list[str], says: str) -> None:
    leads = table(tmp_path / "leads.csv", [["Phone"], [FREE[0]]])
    done = run_drill(leads, *options, limit_s=60)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
