"""What every floor sees of the house: that a daemon lives, which nodes there are, whether all dialing is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from redis.asyncio import Redis

from accounts.models import Organisation
from dialer.live.topics import floor_topic, publish

from . import database
from .board import Board
from .room.room import Room

EVERY_S = 1.0


class HouseView:
    """Published for each organisation, also for those that have no campaign running."""

    def __init__(self, redis: Redis, board: Board) -> None:
        self.redis, self.board = redis, board
        self._shown: dict[tuple[int, str, str], Any] = {}

    async def publish(self, rooms: Iterable[Room], now: float) -> None:
        """Say that the daemon lives, and what of the rest has changed."""
        live: dict[int, int] = {}
        for room in rooms:
            organisation = room.config.organisation
            live[organisation] = live.get(organisation, 0) + len(room.live_calls)
        for organisation, stop in (await database.read(stops)).items():
            topic = floor_topic(organisation)
            await publish(self.redis, topic, "daemon", {"alive_at": now})
            shown = {**stop, "live_calls": live.get(organisation, 0)} if stop else None
            await self._put(organisation, "stop", "", shown)
            await self._show_nodes(organisation)

    async def _show_nodes(self, organisation: int) -> None:
        nodes = {**self.board.lines, **self.board.media}
        for id_, state in nodes.items():
            status = state.status
            view = {
                "id": id_,
                "kind": status.kind,
                "used": status.used,
                "capacity": status.capacity,
                "draining": status.draining,
            }
            await self._put(organisation, "node", id_, view)
        for key in [key for key in self._shown if key[:2] == (organisation, "node") and key[2] not in nodes]:
            await publish(self.redis, floor_topic(organisation), "node", id_=key[2], op="remove")
            del self._shown[key]

    async def _put(self, organisation: int, type_: str, id_: str, data: Any) -> None:
        key = (organisation, type_, id_)
        if key not in self._shown or self._shown[key] != data:
            await publish(self.redis, floor_topic(organisation), type_, data, id_=id_)
            self._shown[key] = data


def stops() -> dict[int, dict[str, Any] | None]:
    """Every organisation, with when and by whom its dialing was stopped."""
    rows = Organisation.objects.values_list("id", "dialing_stopped_at", "dialing_stopped_by")
    return {id_: {"at": at.timestamp(), "by": by} if at else None for id_, at, by in rows}
