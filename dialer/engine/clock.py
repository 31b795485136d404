"""The engine's clock: Unix seconds that only ever go forward evenly, whatever is done to the system's clock."""

from __future__ import annotations

import time


class Clock:
    """Wall time at the start plus monotonic time since: a step of the system clock moves no timer."""

    def __init__(self) -> None:
        self._base = time.time() - time.monotonic()

    def now(self) -> float:
        """Unix seconds."""
        return self._base + time.monotonic()
