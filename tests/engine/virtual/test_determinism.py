"""A shift repeats itself: by scenario and seed, and by nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dialer.engine.virtual.shift import run_shift

from .shifts import SHORT, as_bytes, passed, with_settings

pytestmark = pytest.mark.unit

IN_A_PROCESS = """
import hashlib
from tests.engine.virtual.shifts import SHORT, as_bytes
from dialer.engine.virtual.shift import run_shift
print(hashlib.sha256(as_bytes(run_shift(SHORT, seed=3))).hexdigest())
"""


@pytest.mark.parametrize("method", ["predictive", "progressive", "ratio"])
def test_the_same_seed_gives_the_same_shift_to_the_byte(method):
    scenario = with_settings(method=method)
    assert as_bytes(run_shift(scenario, seed=5)) == as_bytes(run_shift(scenario, seed=5))


def test_the_same_seed_gives_the_same_journal_ids_and_keys_included():
    assert passed(SHORT, 5)[2] == passed(SHORT, 5)[2]


def test_another_seed_gives_another_shift():
    results = {as_bytes(run_shift(SHORT, seed=seed)) for seed in range(3)}
    assert len(results) == 3


def test_no_other_process_sees_another_shift():
    def digest(hash_seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "-c", IN_A_PROCESS], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert digest("1") == digest("2") != ""


def test_whoever_watches_the_journal_changes_nothing():
    assert as_bytes(passed(SHORT, 2)[0]) == as_bytes(run_shift(SHORT, seed=2))
