"""Puts the calls of all rooms on paper together: ten dials cost the gate and the database little more than one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import Error as DatabaseError

from compliance.gate import DialRequest, Gate
from dialer.calls.services.place_calls import NotPlaced, Placed, Wish

from . import database, fence, hopper
from .room.config import RoomConfig
from .room.model import LiveCall

GATHER_S = 0.05
"""Dials go out together with those that follow so soon."""


def wishes_for(calls: Sequence[LiveCall], config: RoomConfig, epoch: int) -> list[Wish]:
    """What the gate is to be asked for these calls of a room."""
    return [Wish(_request(call, config, epoch), call.lead_id) for call in calls]


def _request(call: LiveCall, config: RoomConfig, epoch: int) -> DialRequest:
    item = {"number": call.number, "screen": call.lead, "request": call.request}
    return hopper.dial_request(config, call.id, call.node, item, call.kind, epoch, call.trunk)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one room waits for."""

    order: fence.Order
    answers: asyncio.Future[list[Placed | NotPlaced]]


class Placer:
    """One for each daemon."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._asked: list[Asked] = []
        self._writing: asyncio.Task[None] | None = None

    async def place(self, campaign: int, epoch: int, wishes: Sequence[Wish]) -> list[Placed | NotPlaced]:
        """One answer a wish, in order. Raises ``fence.Superseded`` or the database's errors: nothing was written."""
        answers: asyncio.Future[list[Placed | NotPlaced]] = asyncio.get_running_loop().create_future()
        self._asked.append(Asked(fence.Order(campaign, epoch, wishes), answers))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await answers

    async def _write(self) -> None:
        while self._asked:
            await asyncio.sleep(GATHER_S)
            batch, self._asked = self._asked, []
            if not await self._write_together(batch) and len(batch) > 1:
                for asked in batch:  # One room's trouble must not be another's.
                    await self._write_together([asked])

    async def _write_together(self, batch: Sequence[Asked]) -> bool:
        """False where it is to be tried room by room."""
        try:
            found = await database.write_for_dial(
                fence.place_all, [asked.order for asked in batch], self._gate
            )
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, DatabaseError):
                return False
            for asked in batch:
                if not asked.answers.done():
                    asked.answers.set_exception(error)
            return True
        for asked, answers in zip(batch, found, strict=True):
            if not asked.answers.done():
                asked.answers.set_result(answers)
        return True
