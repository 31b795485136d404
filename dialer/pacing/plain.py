"""Methods that need to learn nothing: progressive, a fixed ratio, and dialing by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .contract import PacingEvent, Snapshot

MAX_RATIO = 10.0


class Ratio:
    """A fixed number of lines for each agent who is ready; with 1.0 no person ever waits: progressive."""

    def __init__(self, ratio: float = 1.0) -> None:
        if not 1.0 <= ratio <= MAX_RATIO:
            raise ValueError(
                f"The ratio must lie between 1 and {MAX_RATIO:g} lines a ready agent, not {ratio:g}."
            )
        self._ratio = ratio
        self._ready = 0

    def observe(self, event: PacingEvent) -> None:
        """Nothing is learned."""

    def lines_to_place(self, snapshot: Snapshot) -> int:
        """As many as bring the lines in flight up to the ratio."""
        self._ready = sum(agent.state == "ready" and not agent.leaving for agent in snapshot.agents)
        wanted = min(math.floor(self._ratio * self._ready), snapshot.line_limit)
        return max(0, wanted - len(snapshot.lines))

    def state(self) -> dict[str, Any]:
        """Empty."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Nothing to go on from."""

    def explain(self) -> str:
        """For instance ``1 line for each of 4 ready agents``."""
        lines = "1 line" if self._ratio == 1.0 else f"{self._ratio:g} lines"
        return f"{lines} for each of {self._ready} ready agents"


class ByHand:
    """Preview and manual: an agent asks for each call, the campaign places none by itself."""

    def __init__(self, asked_by: str) -> None:
        self._asked_by = asked_by

    def observe(self, event: PacingEvent) -> None:
        """Nothing is learned."""

    def lines_to_place(self, snapshot: Snapshot) -> int:
        """Always 0."""
        return 0

    def state(self) -> dict[str, Any]:
        """Empty."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Nothing to go on from."""

    def explain(self) -> str:
        """Who asks for the calls."""
        return self._asked_by
