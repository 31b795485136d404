"""The last hour of a room by the minute: how busy its agents were, and who answered and met nobody."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from agents.choices import AgentState

from .room.config import Tally
from .room.model import Seat

MINUTE_S = 60
MINUTES = 60
MAX_GAP_S = 2.0
"""Between two looks; a longer silence was nobody's time."""
BUSY = (AgentState.RESERVED, AgentState.TALKING, AgentState.HOLD, AgentState.WRAPUP)
Minute = tuple[int, float | None, int, int]
"""When it began (Unix seconds), occupancy (None: nobody worked), people who answered, people abandoned."""


class Course:
    """Watched twice a second; ``view`` holds whole minutes and changes once a minute."""

    def __init__(self) -> None:
        self._minutes: deque[Minute] = deque(maxlen=MINUTES)
        self._at = 0
        self._looked_at = 0.0
        self._busy_s = self._worked_s = 0.0
        self._answered = self._abandoned = 0

    def look(self, seats: Iterable[Seat], tally: Tally, now: float) -> None:
        """See who works."""
        minute = int(now) // MINUTE_S * MINUTE_S
        if minute != self._at:
            self._turn(minute, tally, now)
        gap = max(0.0, min(MAX_GAP_S, now - self._looked_at))
        self._looked_at = now
        for seat in seats:
            if seat.state in BUSY:
                self._busy_s += gap
                self._worked_s += gap
            elif seat.state == AgentState.READY:
                self._worked_s += gap

    def _turn(self, minute: int, tally: Tally, now: float) -> None:
        """A minute is over, unless none was begun."""
        answered, abandoned = tally.answered_30d, tally.abandoned_30d
        if self._at:
            occupancy = round(self._busy_s / self._worked_s, 4) if self._worked_s else None
            people = max(0, answered - self._answered), max(0, abandoned - self._abandoned)
            self._minutes.append((self._at, occupancy, *people))
        else:
            self._looked_at = now
        self._at, self._answered, self._abandoned = minute, answered, abandoned
        self._busy_s = self._worked_s = 0.0

    @property
    def view(self) -> dict[str, list[Any]]:
        """The minutes of the last hour, oldest first, as columns."""
        rows = [row for row in self._minutes if row[0] > self._at - (MINUTES + 1) * MINUTE_S]
        names = ("minutes", "occupancy", "answered", "abandoned")
        return {name: [row[place] for row in rows] for place, name in enumerate(names)}

    def restore(self, view: Mapping[str, Any]) -> None:
        """Go on with what another daemon showed last."""
        columns = [view.get(name, ()) for name in ("minutes", "occupancy", "answered", "abandoned")]
        self._minutes.extend(zip(*columns))
