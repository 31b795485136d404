"""What will happen when: the clock of a simulated shift."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

Action = Callable[[], None]


class Agenda:
    """Actions by their time; those of one time run in the order they were put down. ``now`` is in Unix seconds."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._entries: list[tuple[float, int, Action]] = []
        self._count = 0

    def at(self, when: float, action: Action) -> None:
        """Let ``action`` run at ``when``, or now where that is past."""
        self._count += 1
        heapq.heappush(self._entries, (max(when, self.now), self._count, action))

    def after(self, seconds: float, action: Action) -> None:
        """Let ``action`` run that much later."""
        self.at(self.now + seconds, action)

    @property
    def next_at(self) -> float:
        """When the next action runs; infinite where there is none."""
        return self._entries[0][0] if self._entries else math.inf

    def take(self) -> Action:
        """The next action; the clock stands at its time now. Raises ``IndexError`` where there is none."""
        self.now, _, action = heapq.heappop(self._entries)
        return action
