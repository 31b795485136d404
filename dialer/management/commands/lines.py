"""Run a line node."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dialer.lines.config import LineConfig
from dialer.lines.node import LineNode


class Command(BaseCommand):
    """``manage.py lines``: one line node. The first SIGTERM or SIGINT drains it, a second stops it."""

    help = "Run a line node: it places SIP calls for the pacing daemon."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until told to stop."""
        named = {"node": settings.NODE_NAME} if settings.NODE_NAME else {}
        config = LineConfig(
            redis_url=settings.REDIS_URL,
            bus_secret=settings.BUS_SECRET,
            bind=settings.SIP_BIND,
            max_lines=settings.MAX_LINES,
            **named,
        )
        asyncio.run(_serve(config))


async def _serve(config: LineConfig) -> None:
    node = LineNode(config)
    asked = False

    def on_signal() -> None:
        nonlocal asked
        (node.stop if asked else node.drain)()
        asked = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)
    await node.run()
