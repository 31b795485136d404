"""Why a room places what it places, calm enough to be read, with the last changes of what limits it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from .room.limits import Limit
from .room.room import Room

EVERY_S = 2.0
"""Text that changes faster than this cannot be read."""
KEPT = 12
"""Changes of the limit that are remembered."""
LONGEST = 160


class Explanation:
    """What the floor shows of a room's pacing. ``look`` is called often, ``view`` changes every ``EVERY_S``."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._seen: Counter[Limit] = Counter()
        self._due = 0.0
        self.log: list[dict[str, Any]] = []
        """What limited the room since when, the newest first."""
        self.view: dict[str, Any] = {}

    def look(self, now: float, held: str) -> None:
        """See the last decision; ``held``: why the room does not decide at all."""
        self._seen[self._room.decision.limit] += 1
        if now >= self._due:
            self._due = now + EVERY_S
            self._renew(now, held)

    def _renew(self, now: float, held: str) -> None:
        limit = Limit.HELD if held else self._seen.most_common(1)[0][0]
        self._seen.clear()
        text = (held or self._room.pacing.explain())[:LONGEST]
        if not self.log or self.log[0]["limit"] != limit:
            self.log = [{"at": now, "limit": limit.value, "text": text}, *self.log][:KEPT]
        decision = self._room.decision
        self.view = {
            "campaign": self._room.config.campaign,
            "text": text,
            "limit": limit.value,
            "wanted": decision.wanted,
            "out": decision.out,
            "log": self.log,
        }

    def restore(self, view: Mapping[str, Any]) -> None:
        """Go on with what another daemon showed last."""
        self.log = list(view.get("log", ()))
