"""``python -m reporting.what_if.child``: simulates the plan on its standard input in a process of its own.

A shift keeps a core busy for seconds: here it holds up no deliveries and imports of the worker, gives way to
processes that carry calls, and can be ended at any moment. Each line that it writes is a ``Word``.
"""

from __future__ import annotations

import os
import sys
from threading import Event, Thread
from typing import TextIO

import msgspec

from .outcome import Outcome
from .simulate import simulate
from .values import BadPlan, Plan

NICENESS = 10
"""Calls, their audio and pages go first."""
WORDS_APART_S = 0.4


class Word(msgspec.Struct, omit_defaults=True):
    """What the child says: how far it is; at the end what came of it, or why nothing did."""

    done: float = 0.0
    outcomes: tuple[Outcome, ...] | None = None
    refused: str = ""


class Speaker(Thread):
    """Says twice a second how far the work is: a sign of life, however long the work's own steps are."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(daemon=True)
        self._stream, self._has_ended = stream, Event()
        self.done = 0.0

    def run(self) -> None:
        """Until the end, or until nobody reads any more: then the work is of no use."""
        while not self._has_ended.wait(WORDS_APART_S):
            try:
                self._say(Word(done=self.done))
            except BrokenPipeError:
                os._exit(1)

    def tick(self, done: float) -> None:
        """The part that is done, 0 to 1."""
        self.done = done

    def say_last(self, word: Word) -> None:
        """What came of it."""
        self._has_ended.set()
        self.join()
        self._say(word)

    def _say(self, word: Word) -> None:
        self._stream.write(msgspec.json.encode(word).decode() + "\n")
        self._stream.flush()


def main() -> None:
    """Simulate what was asked."""
    os.nice(NICENESS)
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    speaker = Speaker(sys.stdout)
    speaker.start()
    try:
        speaker.say_last(Word(outcomes=simulate(plan, speaker.tick)))
    except BadPlan as problem:
        speaker.say_last(Word(refused=str(problem)))


if __name__ == "__main__":
    main()
