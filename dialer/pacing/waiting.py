"""People who answered and wait for an agent, and how long they may; how long detection takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from .contract import LineView, PacingEvent

LEARN = 0.2
"""Weight of each new observation."""
SAME_S = 0.05
"""A pick-up told by an event and one seen in a snapshot this close are the same."""


class Waiting:
    """Follows the queue of answered people by the events, oldest first."""

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        """How long a person waits before the call counts as abandoned."""
        self.detection_s = 0.0
        """From the pick-up to the word that a person is there."""
        self._since: deque[float] = deque()
        self._picked_up: list[tuple[float, float]] = []

    def observe(self, event: PacingEvent) -> None:
        """Keep the queue; learn patience from those who were abandoned and delay from those told apart."""
        if event.kind in ("answered", "machine"):
            self._learn_detection(event)
        if event.kind == "answered":
            self._since.append(event.at)
        elif event.kind == "connected" and self._since:
            self._since.popleft()
        elif event.kind == "abandoned" and self._since:
            self.patience_s += LEARN * (event.at - self._since.popleft() - self.patience_s)

    def _learn_detection(self, event: PacingEvent) -> None:
        delay = 0.0
        for index, (rang_s, since) in enumerate(self._picked_up):
            if abs(rang_s - event.seconds) < SAME_S:
                delay = event.at - since
                del self._picked_up[index]
                break
        self.detection_s += LEARN * (delay - self.detection_s)

    def look(self, lines: Sequence[LineView]) -> tuple[int, list[LineView]]:
        """How many people wait, and the lines picked up by nobody knows whom."""
        up = [line for line in lines if line.stage == "answered"]
        if not up:
            self._since.clear()
            self._picked_up = []
            return 0, []
        up.sort(key=lambda line: line.since)
        while len(self._since) > len(up):
            self._since.popleft()
        unknown = up[len(self._since) :]
        self._picked_up = [(line.since - line.placed_at, line.since) for line in unknown]
        return len(self._since), unknown

    def state(self) -> dict[str, Any]:
        """What was learned and who waits, as JSON."""
        return {
            "patience_s": self.patience_s,
            "detection_s": self.detection_s,
            "since": list(self._since),
            "picked_up": [list(pair) for pair in self._picked_up],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self.patience_s, self.detection_s = float(state["patience_s"]), float(state["detection_s"])
        self._since = deque(float(at) for at in state["since"])
        self._picked_up = [(float(rang_s), float(since)) for rang_s, since in state["picked_up"]]
