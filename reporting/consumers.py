"""The floor's socket: live figures for those who watch, commands for those who run the floor."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async

from accounts.choices import Capability
from accounts.models import User
from dialer.bus.schemas import Done, Failed
from dialer.live.consumer import LiveConsumer
from dialer.live.topics import floor_topic

from .floor_commands import COMMANDS, run
from .selectors.floor import floor_rows


class FloorConsumer(LiveConsumer):
    """One supervisor's socket on the floor of their organisation.

    Beside the live topic it sends what only the database knows, as frames ``{"op": "rows", "rows"}``:
    campaigns that no daemon holds, and the switch that stops all dialing. They come within ``WATCH_S`` of a
    change by whomever.
    """

    capability = Capability.WATCH_FLOOR
    commands = COMMANDS

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, Any] = {}

    def topic_of(self, person: User) -> str:
        """The floor of the person's organisation."""
        return floor_topic(person.organisation_id)

    async def arrive(self) -> dict[str, Any]:
        """Rows with the hello, so that the page is whole with its first frame."""
        self._rows = await self._read_rows()
        return {"rows": self._rows}

    async def watch(self) -> None:
        """Send the rows when they changed."""
        rows = await self._read_rows()
        if rows != self._rows:
            self._rows = rows
            await self.send_frame({"op": "rows", "rows": rows})

    async def run_command(self, name: str, args: Any) -> Done | Failed:
        """Through the services, away from the event loop."""
        return await database_sync_to_async(run)(self.person, name, args)

    async def _read_rows(self) -> dict[str, Any]:
        return await database_sync_to_async(floor_rows)(self.person.organisation_id)
