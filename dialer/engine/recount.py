"""Counts that begin anew: at midnight, and where the law begins to count over another time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from . import configs, database

if TYPE_CHECKING:
    from .room.config import RoomConfig
    from .room.room import Room
    from .runner import Runner


class Recount:
    """Remembers of which day and window each room's counts are."""

    def __init__(self) -> None:
        self._counted: WeakKeyDictionary[Room, tuple[date, str]] = WeakKeyDictionary()

    async def look(self, runner: Runner) -> None:
        """Read a room's counts again where they are of another day or window; once its journal is written, without
        which the records would lack the last calls.
        """
        room = runner.room
        wanted = _kind(room.config, runner.clock.now())
        if self._counted.setdefault(room, wanted) == wanted or runner.journal.behind:
            return
        tally = await database.read(configs.load_tally, room.config)
        self._counted[room] = wanted
        runner.post(lambda: room.recount(tally))


def _kind(config: RoomConfig, now: float) -> tuple[date, str]:
    """The day on the organisation's clock, and over what the law counts."""
    local = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(config.time_zone))
    return local.date(), config.measured_over
