"""Has a plan simulated in a child process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

import msgspec
from django.conf import settings

from .child import Word
from .outcome import Outcome
from .simulate import Tick
from .values import BadPlan, Plan

COMMAND = (sys.executable, "-m", "reporting.what_if.child")
END_LIMIT_S = 5.0


class CutOff(Exception):
    """The child ended before its work did."""


def simulate_apart(plan: Plan, tick: Tick) -> tuple[Outcome, ...]:
    """What came of each side. What ``tick`` raises ends the child.

    Raises ``BadPlan`` with words for a person where the engine refuses a scenario, ``CutOff`` where the child died.
    """
    with _child() as (given, said):
        with suppress(BrokenPipeError):
            given.write(msgspec.json.encode(plan))
            given.close()
        for line in said:
            word = msgspec.json.decode(line, type=Word)
            if word.refused:
                raise BadPlan(word.refused)
            if word.outcomes is not None:
                return word.outcomes
            tick(word.done)
    raise CutOff


@contextmanager
def _child() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Input and output of a child that does not outlive its use."""
    child = subprocess.Popen(  # noqa: S603
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield child.stdin, child.stdout
    finally:
        child.kill()
        child.wait(END_LIMIT_S)
        for stream in (child.stdin, child.stdout):
            with suppress(BrokenPipeError):
                stream.close()
