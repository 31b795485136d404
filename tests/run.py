"""Runs every test: the many small ones on all cores, then those that time, listen or start the whole product, alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ALONE = "media or browser or stack"


def main() -> int:
    """Exit status 0 when both parts passed."""
    pytest = [sys.executable, "-m", "pytest"]
    if sys.argv[1:]:
        return subprocess.run([*pytest, *sys.argv[1:]], cwd=HERE).returncode
    workers = str(os.cpu_count() or 2)
    small = subprocess.run([*pytest, "-n", workers, "-m", f"not ({ALONE})"], cwd=HERE).returncode
    alone = subprocess.run([*pytest, "-m", ALONE], cwd=HERE).returncode
    return max(small, alone)


if __name__ == "__main__":
    sys.exit(main())
