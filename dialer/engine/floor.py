"""What the supervisors see of a room: published when it changed, at most twice a second."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from dialer.live.topics import Update, entry, floor_topic, publish_all

from .board import Board
from .course import Course
from .explaining import Explanation
from .refusals import RefusalCounts
from .room import choosing, views
from .room.room import Room

SHOWN_AGAIN_S = 2.0
"""For so long an agent who was handed here is shown anew each time."""


class FloorView:
    """The room's entries in its organisation's floor topic."""

    def __init__(self, redis: Redis, room: Room, board: Board) -> None:
        self.redis, self.room, self.board = redis, room, board
        self.refusals = RefusalCounts(room.config.campaign)
        self.explanation, self.course = Explanation(room), Course()
        self._restored = False
        self._shown: dict[tuple[str, str], Any] = {}

    async def publish(self, now: float, held: str) -> None:
        """Publish what differs from what was published last; entries that are gone are removed."""
        await self.refusals.refresh(now)
        await self._restore()
        self.explanation.look(now, self._held(held))
        self.course.look(self.room.seats.values(), self.room.tally, now)
        given = frozenset(self.room.siblings.given)
        wanted = self._entries(now, held)
        topic = floor_topic(self.room.config.organisation)
        updates = [
            Update(topic, type_, {**data, "updated_at": now} if type_ == "campaign" else data, id_)
            for (type_, id_), data in wanted.items()
            if self._shown.get((type_, id_)) != data or (type_ == "agent" and self._just_came(id_, now))
        ]
        updates += [
            Update(topic, type_, id=id_, op="remove")
            for type_, id_ in self._shown.keys() - wanted.keys()
            if not (type_ == "agent" and int(id_) in given)
        ]
        await publish_all(self.redis, updates)
        self._shown = wanted
        self.room.siblings.given -= given

    def _held(self, held: str) -> str:
        """Why the room places nothing at all; empty where it does."""
        config = self.room.config
        return held or ("" if config.dials else config.stopped_note or config.status_note)

    async def _restore(self) -> None:
        """What the last daemon showed of this campaign's past goes on."""
        if self._restored:
            return
        topic, id_ = floor_topic(self.room.config.organisation), str(self.room.config.campaign)
        self.explanation.restore(await entry(self.redis, topic, "pacing", id_) or {})
        self.course.restore(await entry(self.redis, topic, "course", id_) or {})
        self._restored = True

    def _just_came(self, agent: str, now: float) -> bool:
        """The room that the agent was in may have shown them once more after this one did."""
        seat = self.room.seats.get(int(agent))
        return seat is not None and now - seat.seated_at < SHOWN_AGAIN_S

    async def withdraw(self) -> None:
        """The room closes: its agents leave the floor, its campaign stays as it stands now."""
        topic = floor_topic(self.room.config.organisation)
        agents = [key for key in self._shown if key[0] == "agent"]
        ours = [key for key in agents if int(key[1]) not in self.room.siblings.given]
        await publish_all(self.redis, [Update(topic, type_, id=id_, op="remove") for type_, id_ in ours])

    def _entries(self, now: float, held: str) -> dict[tuple[str, str], dict[str, Any]]:
        room = self.room
        extra = {
            "notice": self._held(held) or self.board.notice(room.config.trunks, now) or choosing.notice(room),
            "leads_due": len(room.hopper),
            "refused": dict(self.refusals.today),
            "target": room.config.steered_share,
            "measured_over": room.config.measured_over,
            "held_back": room.config.held_back,
        }
        calls, seats = list(room.calls.values()), list(room.seats.values())
        campaign = views.floor_campaign_view(room.config, seats, calls, room.tally, extra)
        id_ = str(room.config.campaign)
        entries = {
            ("campaign", id_): campaign,
            ("pacing", id_): self.explanation.view,
            ("course", id_): self.course.view,
        }
        for seat in seats:
            view = views.floor_agent_view(seat, room.config, room.calls.get(seat.call))
            entries[("agent", str(seat.id))] = view
        for rule in room.config.trunks:
            entries[("trunk", str(rule.id))] = self.board.trunk_view(rule, now)
        return entries
