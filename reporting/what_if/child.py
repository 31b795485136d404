"""``python -m reporting.what_if.child``: simulates the plan on its standard input in a process of its own.

A shift keeps a core busy for seconds: here it holds up no deliveries and imports of the worker, gives way to
processes that carry calls, and can be ended at any moment. Each line that it writes is a ``Word``.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

import msgspec

from .outcome import Outcome
from .plan import BadPlan, Plan
from .simulate import simulate

NICENESS = 10
"""Calls, their audio and pages go first."""
WORDS_APART_S = 0.2


class Word(msgspec.Struct, omit_defaults=True):
    """What the child says: how far it is; at the end what came of it, or why nothing did."""

    done: float = 0.0
    outcomes: tuple[Outcome, ...] | None = None
    refused: str = ""


class Speaker:
    """Says how far the work is, not more often than somebody reads it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._said_at = stream, -WORDS_APART_S

    def tick(self, done: float) -> None:
        """The part that is done, 0 to 1."""
        if time.monotonic() - self._said_at >= WORDS_APART_S:
            self._said_at = time.monotonic()
            self.say(Word(done=done))

    def say(self, word: Word) -> None:
        """Write it at once."""
        self._stream.write(msgspec.json.encode(word).decode() + "\n")
        self._stream.flush()


def main() -> None:
    """Simulate, unless whoever asked is gone."""
    os.nice(NICENESS)
    speaker = Speaker(sys.stdout)
    plan = msgspec.json.decode(sys.stdin.read(), type=Plan)
    try:
        speaker.say(Word(outcomes=simulate(plan, speaker.tick)))
    except BadPlan as problem:
        speaker.say(Word(refused=str(problem)))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        # Nobody reads any more; the interpreter's own flush at exit would complain once again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
