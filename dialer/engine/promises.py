"""The callbacks that agents have promised, as their room and their consoles know them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from .room.model import Seat
from .room.room import Room


class Promises:
    """Of one room."""

    def __init__(self, room: Room, in_use: Callable[[], Collection[int]]) -> None:
        self._room, self._in_use = room, in_use
        self._listed: dict[int, tuple[Seat, list[dict[str, Any]]]] = {}
        """What each agent's console lists; a new seat has an empty console."""

    def take(self, listed: Mapping[int, list[dict[str, Any]]], due: Mapping[int, dict[str, Any]]) -> None:
        """What the database has, as ``hopper.promises`` reads it; leads that are in use are not offered again."""
        held = self._in_use()
        self._room.callbacks = {
            agent: one for agent, one in due.items() if one["lead"]["screen"]["id"] not in held
        }
        for agent, entries in listed.items():
            seat = self._room.seats.get(agent)
            shown_to, shown = self._listed.get(agent, (None, None))
            if seat is not None and (shown_to is not seat or shown != entries):
                self._listed[agent] = (seat, entries)
                self._room.tell(agent, "callbacks", entries)
