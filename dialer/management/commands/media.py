"""Run a media node: the agents' audio."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialer.media.config import CAPACITY, NodeConfig, check_config
from dialer.media.node import MediaNode
from dialer.media.transport import default_address


class Command(BaseCommand):
    """Reads the settings, then does nothing but run the node."""

    help = "Run a media node: one WebRTC session an agent, joined with the leads' audio from the line nodes."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one thing that no setting says."""
        parser.add_argument("--capacity", type=int, default=CAPACITY, help="the most agents at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until drained or stopped."""
        config = _config(options["capacity"])
        try:
            check_config(config)
        except ValueError as error:
            raise CommandError(str(error)) from error
        asyncio.run(_run(config))


def _config(capacity: int) -> NodeConfig:
    node = settings.NODE_NAME or f"{socket.gethostname()}-{os.getpid()}"
    return NodeConfig(
        node=node,
        redis_url=settings.REDIS_URL,
        audio_address=settings.AUDIO_ADDRESS or default_address(settings.DATA_DIR / "run", node),
        hosts=tuple(settings.MEDIA_HOSTS),
        ice_servers=tuple(settings.ICE_SERVERS),
        capacity=capacity,
    )


async def _run(config: NodeConfig) -> None:
    try:
        node = MediaNode(config)
    except (OSError, ValueError) as error:
        raise CommandError(
            f"PACELINE_AUDIO_ADDRESS: cannot listen on {config.audio_address}: {error}"
        ) from error
    await node.run()
