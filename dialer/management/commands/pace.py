"""The pacing daemon."""

from __future__ import annotations

import asyncio
import gc
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dialer.engine.daemon import Daemon


class Command(BaseCommand):
    """Run one pacing daemon until SIGTERM; several may run side by side."""

    help = "Lease campaigns, decide how many lines to place, route answers to agents."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        # What was loaded stays: the garbage collector need not look through it again in the middle of a decision.
        gc.collect()
        gc.freeze()
        asyncio.run(_run())


async def _run() -> None:
    daemon = Daemon(settings.REDIS_URL, settings.BUS_SECRET)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stop)
    await daemon.run()
