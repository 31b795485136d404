"""The hands of a room: what it decided is carried out batch by batch, each once, in order, and then shown.

A connection may break when a batch was sent and its answer was not heard. The batch is then asked for again under the
same number, and nothing else before it is known to be done: sent twice it would dial twice, or count twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from agents.whereabouts import Whereabouts
from dialer.bus import streams
from dialer.live.topics import Update, publish_all

from . import keeping, lease
from .clock import Clock
from .room import commands
from .room.effects import Effects
from .room.room import Room

SHOW_ANEW_EVERY_S = 1.0
SPREAD = 0.381966
"""Of a room's number, so that rooms that are taken together show at different moments (the golden ratio's fraction)."""
SHOWN_POLL_S = 0.002


@dataclass(frozen=True, slots=True)
class Batch:
    """What one round of decisions asked for, and how far the room's stream had been read by then."""

    number: int
    effects: Effects
    position: str


class Hands:
    """Of one leased campaign."""

    def __init__(self, redis: Redis, room: Room, clock: Clock, epoch: int) -> None:
        self._redis, self._room, self._clock, self._epoch = redis, room, clock, epoch
        self._campaign = room.config.campaign
        self._number = 0
        self._owed: Batch | None = None
        self._to_show: asyncio.Queue[tuple[Effects, float]] = asyncio.Queue()
        self._showing = False
        self._unshown = bool(room.seats)
        """What the last holder of the room could not show is shown too, once answers are routed again: forty rooms at
        once kept a core busy for half a second."""
        self._shown_anew_at = clock.now() - SHOW_ANEW_EVERY_S * (self._campaign * SPREAD % 0.5)

    @property
    def busy(self) -> bool:
        """Whether a batch is owed: no other may be taken."""
        return self._owed is not None

    @property
    def whereabouts(self) -> dict[str, Whereabouts]:
        """Where agents sit by decisions that Redis may not know yet."""
        owed = self._owed.effects.whereabouts if self._owed is not None else {}
        return {**owed, **self._room.effects.whereabouts}

    def take(self, effects: Effects, position: str) -> None:
        """Owe a batch; nothing where there is nothing to do. Records bear the time of the system's clock as it is."""
        if effects or position:
            drift = self._clock.drift()
            for line in effects.journal if drift else ():
                line["at"] += drift
            self._number += 1
            self._owed = Batch(self._number, effects, position)

    async def carry_out(self) -> Effects | None:
        """Carry out what is owed; returns it once it is done, None where nothing was.

        Raises ``keeping.Fenced``, or Redis's errors: the batch stays owed.
        """
        batch = self._owed
        if batch is None:
            return None
        if batch.effects.given:
            await self._all_shown()
        await keeping.carry_out(
            self._redis, self._campaign, self._epoch, batch.number, batch.effects, batch.position
        )
        self._owed = None
        return batch.effects

    async def _all_shown(self) -> None:
        """Who is handed to another room sees from then on what that room writes: nothing of ours may come after it."""
        while self.showing:
            await asyncio.sleep(SHOWN_POLL_S)

    def show(self, effects: Effects) -> None:
        """Answer and show in its turn, while others are decided."""
        if effects.replies or effects.topics:
            self._to_show.put_nowait((effects, self._clock.now() + lease.LEASE_LIFE_MS / 1000))

    async def show_all(self) -> None:
        """Show what has been carried out, in order, until cancelled."""
        while True:
            effects, until = await self._to_show.get()
            self._showing = True
            try:
                await self._show(effects, until)
            finally:
                self._showing = False

    @property
    def showing(self) -> bool:
        """Whether something that was carried out has not been shown."""
        return self._showing or not self._to_show.empty()

    async def _show(self, effects: Effects, until: float) -> None:
        """As long as this daemon may believe that it holds the campaign.

        One that stood still meanwhile must not put yesterday's state on anybody's screen: it shows the present
        one with its next batch, if it still may.
        """
        with contextlib.suppress(RedisError):
            for reply_to, reply in effects.replies:
                await streams.reply(self._redis, reply_to, reply)
            updates = [Update(change.topic, change.type, change.data, change.id) for change in effects.topics]
            if self._clock.now() <= until:
                await publish_all(self._redis, updates)
                return
        self._unshown = True

    def catch_up(self) -> None:
        """What could not be shown is shown as it is now, with the next batch; not too often, for Redis may be away."""
        now = self._clock.now()
        if self._unshown and now - self._shown_anew_at >= SHOW_ANEW_EVERY_S:
            self._unshown, self._shown_anew_at = False, now
            for seat in self._room.seats.values():
                commands.show_everything(self._room, seat)
