"""The benchmark of the engine, run on a floor of a few agents: all processes real, no figure held against a limit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration
PROJECT = Path(__file__).resolve().parents[2]
TINY = ("--campaigns", "2", "--agents", "4", "--seconds", "4", "--warm-up", "6")
LIMIT_S = 180
PRINTED = {"campaigns", "agents", "cpu_share", "assign_p99_ms", "takeover_s", "restart_s", "echo_p99_ms"}


def test_a_daemon_is_measured_and_dies_twice_and_nothing_is_dialed_or_joined_twice() -> None:
    command = [sys.executable, "-m", "bench.engine", "--json", *TINY]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT_S)
    assert run.stdout, run.stderr
    found = json.loads(run.stdout)
    assert found.keys() >= PRINTED
    assert (found["campaigns"], found["agents"], found["violations"]) == (2, 8, 0)
    assert found["counts"]["dialed"] > 0
    assert found["counts"]["joined"] > 0
    assert found["takeover"]["undecided"] == found["restart"]["undecided"] == 0
