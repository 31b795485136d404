"""The pacing daemon."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dialer.engine.daemon import Daemon
from dialer.engine.database import limit_standstill

SWITCH_S = 0.0001
"""How long the database's threads may hold the interpreter while the loop that routes answers waits for it. Each
answer takes it some five times: with Python's own 5 ms one in a hundred took 60 ms on a busy floor, with 0.5 ms 17,
with this 9."""
COLLECT_AFTER = (2_000, 500, 100)
"""Objects more than were freed, and rounds, before the garbage collector looks: at Python's own (700, 10, 10) it went
through the leads of forty hoppers in the middle of decisions, 120 ms at a time; with 20,000 objects a first look took
up to 40 ms."""


class Command(BaseCommand):
    """Run one pacing daemon until SIGTERM; several may run side by side."""

    # The checks load every page and form: two thirds of a second in which nobody decides.
    requires_system_checks = ()
    help = "Lease campaigns, decide how many lines to place, route answers to agents."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        sys.setswitchinterval(SWITCH_S)
        # What was loaded stays: the garbage collector need not look through it again in the middle of a decision.
        gc.collect()
        gc.freeze()
        limit_standstill()
        gc.set_threshold(*COLLECT_AFTER)
        asyncio.run(_run())


async def _run() -> None:
    daemon = Daemon(settings.REDIS_URL, settings.BUS_SECRET)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stop)
    await daemon.run()
