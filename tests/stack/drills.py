"""Running ``manage.py drill`` as an operator does."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent
MANAGE = str(PROJECT / "manage.py")
AREA_CODES = (
    *("212", "315", "332", "347", "516", "518", "585", "607", "631"),
    *("646", "680", "716", "718", "838", "845", "914", "917", "929"),
)
"""All in New York: one calling window for everybody."""
BUSY, RING_OUT = range(70, 78), (48, *range(78, 87), 99)
"""Endings of the practice plan (dialer/practice/plan.py)."""
ONE_IN_NEW_YORK = "2026-11-21T18:00"
AFTERNOON = ("--at", ONE_IN_NEW_YORK)


def fictional_numbers(count: int) -> list[str]:
    """Numbers that belong to nobody (555-0100 to 555-0199), every ending of the practice plan equally often."""
    assert count <= 100 * len(AREA_CODES)
    return [f"+1{AREA_CODES[n // 100]}55501{n % 100:02}" for n in range(count)]


def spread(count: int) -> list[str]:
    """Fictional numbers over all endings of the practice plan, fewer of those that take a line for long."""
    weights = [18 if ending in BUSY else 3 if ending in RING_OUT else 4 for ending in range(100)]
    endings = [ending for ending, weight in enumerate(weights) for _ in range(weight)][:count]
    assert len(endings) == count
    assert len(set(endings)) == 100
    used: Counter[int] = Counter()
    numbers = []
    for ending in endings:
        # 555-01XX for the first of an ending, then other area codes: unique, and nobody's.
        numbers.append(f"+1{AREA_CODES[used[ending]]}55501{ending:02}")
        used[ending] += 1
    return numbers


def write_leads(path: Path, numbers: Iterable[str], header: str = "Phone") -> Path:
    """A CSV file as people have them."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["First name", header])
        rows.writerows([f"Lead {n}", number] for n, number in enumerate(numbers))
    return path


def run_drill(leads: Path, *options: str, limit_s: float = 420.0) -> subprocess.CompletedProcess[str]:
    """A whole drill, with its two outputs apart."""
    command = [sys.executable, MANAGE, "drill", "--leads", str(leads), *options, "--json"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=limit_s)


def figures_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What the drill printed: one JSON object, alone on standard output."""
    lines = done.stdout.splitlines()
    assert len(lines) == 1, f"standard output: {done.stdout[:2000]}\n{done.stderr[-4000:]}"
    figures = json.loads(lines[0])
    assert isinstance(figures, dict)
    return figures


OUTCOMES = ("connected", "abandoned", "machine", "busy", "no_answer", "rejected", "failed", "cancelled")


def assert_reconciled(figures: dict[str, Any], leads: int) -> None:
    """Every lead ended in exactly one outcome or a refusal, and nobody was called twice or met a wrong voice."""
    assert figures["leads"] == leads
    assert figures["not_called"] == sum(figures["refused"].values())
    assert figures["placed"] == sum(figures[name] for name in OUTCOMES)
    assert figures["answered"] == figures["connected"] + figures["abandoned"] + figures["machine"]
    assert (figures["unresolved"], figures["dialed_twice"]) == (0, 0)
    assert figures["joined_wrong"] == 0
    assert figures["reconciled"] is True
