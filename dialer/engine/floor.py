"""What the supervisors see of a room: published when it changed, at most twice a second."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from dialer.live.topics import floor_topic, publish

from .board import Board
from .refusals import RefusalCounts
from .room import choosing, views
from .room.room import Room


class FloorView:
    """The room's entries in its organisation's floor topic."""

    def __init__(self, redis: Redis, room: Room, board: Board) -> None:
        self.redis, self.room, self.board = redis, room, board
        self.refusals = RefusalCounts(room.config.campaign)
        self._shown: dict[tuple[str, str], Any] = {}

    async def publish(self, now: float, held: str) -> None:
        """Publish what differs from what was published last; entries that are gone are removed."""
        await self.refusals.refresh(now)
        wanted = self._entries(now, held)
        topic = floor_topic(self.room.config.organisation)
        for (type_, id_), data in wanted.items():
            if self._shown.get((type_, id_)) != data:
                sent = {**data, "updated_at": now} if type_ == "campaign" else data
                await publish(self.redis, topic, type_, sent, id_=id_)
                self._shown[(type_, id_)] = data
        for type_, id_ in set(self._shown) - set(wanted):
            await publish(self.redis, topic, type_, id_=id_, op="remove")
            del self._shown[(type_, id_)]

    async def withdraw(self) -> None:
        """The room closes: its agents leave the floor, its campaign stays as it stands now."""
        topic = floor_topic(self.room.config.organisation)
        for type_, id_ in [key for key in self._shown if key[0] == "agent"]:
            await publish(self.redis, topic, type_, id_=id_, op="remove")

    def _entries(self, now: float, held: str) -> dict[tuple[str, str], dict[str, Any]]:
        room = self.room
        notice = held or ("" if room.config.dials else room.config.stopped_note or room.config.status_note)
        extra = {
            "notice": notice or self.board.notice(room.config.trunks, now) or choosing.notice(room),
            "lines_wanted": room.decision.wanted,
            "leads_due": len(room.hopper),
            "refused": dict(self.refusals.today),
            "pacing": room.pacing.explain(),
        }
        calls, seats = list(room.calls.values()), list(room.seats.values())
        campaign = views.floor_campaign_view(room.config, seats, calls, room.tally, extra)
        entries = {("campaign", str(room.config.campaign)): campaign}
        for seat in seats:
            view = views.floor_agent_view(seat, room.config, room.calls.get(seat.call))
            entries[("agent", str(seat.id))] = view
        for rule in room.config.trunks:
            entries[("trunk", str(rule.id))] = self.board.trunk_view(rule, now)
        return entries
