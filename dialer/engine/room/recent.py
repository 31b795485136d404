"""What a room remembers of calls that it has forgotten."""

from __future__ import annotations

from collections.abc import Iterable

KEPT = 5000
"""Calls: an hour of a busy room. Nodes say a thing twice within seconds."""


class Recent:
    """The last ids of a kind."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def add(self, id_: str) -> None:
        """Remember; the oldest go."""
        self._ids[id_] = None
        if len(self._ids) > KEPT:
            del self._ids[next(iter(self._ids))]

    def extend(self, ids: Iterable[str]) -> None:
        """Remember all of these."""
        for id_ in ids:
            self.add(id_)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._ids
