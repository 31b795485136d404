"""Runs every test.

The whole product under test mostly waits, so its tests run beside the rest: one stream for ``stack``, the other for
the many small tests on all cores and then those with real SIP, audio and browsers. ``PACELINE_TESTS_IN_TURN=1`` runs
one after the other, for machines that are busy with other work. Arguments go to pytest as they are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest"]
STACK, CLOSE_TO_LIFE = "stack", "(media or browser) and not (stack or soak)"


def main() -> int:
    """Exit status 0 when every part passed."""
    if sys.argv[1:]:
        return subprocess.run([*PYTEST, *sys.argv[1:]], cwd=HERE).returncode
    workers = str(os.cpu_count() or 2)
    small = [*PYTEST, "-n", workers, "-m", "not (media or browser or stack or soak)"]
    rest = [small, [*PYTEST, "-m", CLOSE_TO_LIFE]]
    stack = [*PYTEST, "-m", STACK]
    if os.environ.get("PACELINE_TESTS_IN_TURN") == "1":
        return max(run_in_turn([*rest, stack]))
    with tempfile.TemporaryFile() as output:
        beside = subprocess.Popen(stack, cwd=HERE, stdout=output, stderr=subprocess.STDOUT)
        codes = run_in_turn(rest)
        codes.append(beside.wait())
        output.seek(0)
        sys.stdout.write(output.read().decode(errors="replace"))
    return max(codes)


def run_in_turn(commands: list[list[str]]) -> list[int]:
    """Exit statuses, in order."""
    return [subprocess.run(command, cwd=HERE).returncode for command in commands]


if __name__ == "__main__":
    sys.exit(main())
