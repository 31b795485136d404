"""The engine's clock: Unix seconds that only ever go forward evenly, whatever is done to the system's clock."""

from __future__ import annotations

import time

CLOCKS_AGREE_S = 3.0
"""Clocks that are no further apart are taken as one: heartbeats are read up to 1.5 s late."""


class Clock:
    """Wall time at the start plus monotonic time since: a step of the system clock moves no timer."""

    def __init__(self) -> None:
        self._base = time.time() - time.monotonic()
        self.redis_ahead = 0.0
        """By how many seconds Redis's clock, by which streams are numbered, is ahead of this one."""

    def now(self) -> float:
        """Unix seconds."""
        return self._base + time.monotonic()

    def drift(self) -> float:
        """By how many seconds the system's clock was set ahead since; 0 where it was not."""
        ahead = time.time() - self.now()
        return ahead if abs(ahead) > CLOCKS_AGREE_S else 0.0

    def age(self, position: str) -> float:
        """How many seconds ago Redis took in the stream's message at this position."""
        return self.now() + self.redis_ahead - int(position.partition("-")[0]) / 1000
