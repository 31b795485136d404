"""Keeps the trunks that line nodes know as the database has them."""

from __future__ import annotations

from collections.abc import Collection

import structlog
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from accounts.sealing import SealBroken
from dialer.bus.trunks import publish_trunk

from . import configs, database

log = structlog.get_logger(__name__)
PUBLISH_EVERY_S = 2.0
"""A Redis that lost its data knows its trunks again after this."""


async def publish_all(redis: Redis, box: Fernet, ids: Collection[int]) -> None:
    """Write each of these trunks where line nodes look; one whose password does not open is left out and logged."""
    for id_ in ids:
        try:
            trunk = await database.read(configs.load_trunk, id_)
        except SealBroken as error:
            log.error("trunk_not_published", trunk=id_, error=str(error))
            continue
        if trunk is not None:
            await publish_trunk(redis, box, trunk)
