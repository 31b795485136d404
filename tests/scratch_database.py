"""The database of a scratch installation, migrated once for all tests of a run: the migrations take ten seconds."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "paceline.sqlite3"


def put_database(home: Path) -> None:
    """Lay a database with all tables into a scratch installation's data directory."""
    shutil.copy(_migrated(), home / NAME)


@cache
def _migrated() -> Path:
    home = Path(tempfile.mkdtemp(prefix="pl-migrated-", dir="/tmp"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    environment = os.environ | {"PACELINE_DATA": str(home), "DJANGO_SETTINGS_MODULE": "dialer.settings"}
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    return home / NAME
