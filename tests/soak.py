"""Kills and stops the processes of the whole product at random for a while, then checks its history.

    ./paceline soak [--seconds 75] [--seed 4]

Takes two minutes more than that. Another seed hits in another order; an hour finds more than a minute.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def main() -> int:
    """Exit status 0 where every promise was kept."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=float, dest="PACELINE_SOAK_S", metavar="S", help="in which processes are hit"
    )
    parser.add_argument("--seed", type=int, dest="PACELINE_SOAK_SEED", metavar="N")
    wanted = {name: str(value) for name, value in vars(parser.parse_args()).items() if value is not None}
    command = [sys.executable, "-m", "pytest", "-m", "soak", "tests/stack/test_soak.py"]
    return subprocess.run(command, cwd=HERE, env=os.environ | wanted).returncode


if __name__ == "__main__":
    sys.exit(main())
