"""The people who answered within the last hour, and those of them who were abandoned."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

HOUR_S = 3600.0
STEP_S = 300.0
"""Answers leave by so many seconds at once: the hour is up to that much shorter."""


class LastHour:
    """Counts of the last hour, in steps: [begins, answered, abandoned]."""

    def __init__(self, steps: Sequence[Sequence[float]] = ()) -> None:
        self._steps = deque([float(at), int(answered), int(abandoned)] for at, answered, abandoned in steps)
        self.answered = sum(int(step[1]) for step in self._steps)
        self.abandoned = sum(int(step[2]) for step in self._steps)

    def book(self, at: float, answered: int = 0, abandoned: int = 0) -> None:
        """So many more at this moment."""
        if not self._steps or at >= self._steps[-1][0] + STEP_S:
            self._steps.append([at, 0, 0])
        self._steps[-1][1] += answered
        self._steps[-1][2] += abandoned
        self.answered += answered
        self.abandoned += abandoned
        while self._steps[0][0] <= at - HOUR_S:
            _, answered_then, abandoned_then = self._steps.popleft()
            self.answered -= int(answered_then)
            self.abandoned -= int(abandoned_then)

    def state(self) -> list[list[float]]:
        """The counts, as JSON."""
        return [list(step) for step in self._steps]
