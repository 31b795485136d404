"""The pacing daemon."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dialer.engine import memory
from dialer.engine.daemon import Daemon
from dialer.engine.database import limit_standstill

SWITCH_S = 0.0001
"""How long the database's threads may hold the interpreter while the loop that routes answers waits for it. Each
answer takes it some five times: with Python's own 5 ms one in a hundred took 60 ms on a busy floor, with 0.5 ms 17,
with this 9."""


class Command(BaseCommand):
    """Run one pacing daemon until SIGTERM; several may run side by side."""

    # The checks load every page and form: two thirds of a second in which nobody decides.
    requires_system_checks = ()
    help = "Lease campaigns, decide how many lines to place, route answers to agents."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        sys.setswitchinterval(SWITCH_S)
        limit_standstill()
        asyncio.run(_run())


async def _run() -> None:
    daemon = Daemon(settings.REDIS_URL, settings.BUS_SECRET)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stop)
    cleaning = asyncio.create_task(memory.keep_clean(daemon.calm))
    await daemon.run()
    cleaning.cancel()
