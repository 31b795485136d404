"""Puts the calls of all rooms on paper together: ten dials cost the gate and the database little more than one."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.gate import DialRequest, Gate
from dialer.calls.services.place_calls import NotPlaced, Placed, Wish

from . import database, fence, hopper
from .room.config import RoomConfig
from .room.model import LiveCall
from .together import Together

GATHER_S = 0.05
"""Dials go out together with those that follow so soon."""


def wishes_for(calls: Sequence[LiveCall], config: RoomConfig, epoch: int) -> list[Wish]:
    """What the gate is to be asked for these calls of a room."""
    return [Wish(_request(call, config, epoch), call.lead_id) for call in calls]


def _request(call: LiveCall, config: RoomConfig, epoch: int) -> DialRequest:
    item = {"number": call.number, "screen": call.lead, "request": call.request}
    return hopper.dial_request(config, call.id, call.node, item, call.kind, epoch, call.trunk)


class Placer:
    """One for each daemon."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._together = Together(self._write, GATHER_S)

    async def place(self, campaign: int, epoch: int, wishes: Sequence[Wish]) -> list[Placed | NotPlaced]:
        """One answer a wish, in order. Raises ``fence.Superseded`` or the database's errors: nothing was written."""
        return await self._together.ask(fence.Order(campaign, epoch, wishes))

    async def _write(self, orders: Sequence[fence.Order]) -> list[list[Placed | NotPlaced]]:
        return await database.write_for_dial(fence.place_all, orders, self._gate)
