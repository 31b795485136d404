"""A node clears away what killed nodes left, and nothing else."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from dialer.lines.directory import make_directory

pytestmark = pytest.mark.unit


def test_directories_of_dead_processes_go_and_those_of_living_ones_stay(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead, alive = tmp_path / f"pl-lines-{ended.pid}-x", tmp_path / f"pl-lines-{os.getppid()}-x"
    other = tmp_path / "pl-lines-of-somebody"
    for directory in (dead, alive, other):
        directory.mkdir()
    made = make_directory()
    assert (dead.exists(), alive.exists(), other.exists()) == (False, True, True)
    assert made.stat().st_mode & 0o777 == 0o700
    assert made.name.startswith(f"pl-lines-{os.getpid()}-")
