"""What the gate does on SQLite it does on PostgreSQL too: the tests of its locks, statements and hashes, run there."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bench.gate.postgresql import database_url, scratch_server

from ..requirements import need_program

pytestmark = pytest.mark.integration

TESTS = Path(__file__).resolve().parent.parent
CHOSEN = (
    "compliance/test_statements.py",
    "compliance/test_gate.py",
    "compliance/evidence/test_digests.py",
    "compliance/evidence/test_verifying.py",
    "compliance/law/test_caps_at_once.py",
    "compliance/callers/test_counting.py",
    "compliance/test_add_to_dnc.py",
    "engine/test_dialing_at_once.py",
    "engine/test_standstill.py",
    "reporting/test_what_if_history.py",
)
"""Fixed statements, the decision, the chain with its pinned digest, the last dial of a cap, what locks rows that
others want too, and hours that are read from the text of a moment."""
LIMIT_S = 120


@pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="all tests run on PostgreSQL already"
)
def test_the_gate_holds_on_postgresql():
    need_program("pg_ctlcluster")
    with tempfile.TemporaryDirectory(prefix="pl-", dir="/tmp") as home, scratch_server(Path(home)) as server:
        environment = os.environ | {"DATABASE_URL": database_url(server, "gate")}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs"]
        done = subprocess.run(
            [*command, *(str(TESTS / name) for name in CHOSEN)],
            cwd=TESTS.parent,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
    assert "skipped" not in done.stdout
