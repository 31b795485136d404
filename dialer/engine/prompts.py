"""Brings the campaigns' recorded messages to where line nodes fetch them."""

from __future__ import annotations

import re
from collections.abc import Collection

import structlog
from redis.asyncio import Redis

from campaigns.services.prepare_prompt import prompt_path
from dialer.bus.names import prompt_key

log = structlog.get_logger(__name__)
DIGEST = re.compile(r"[0-9a-f]{64}")


async def publish_all(redis: Redis, digests: Collection[str]) -> None:
    """Put each prompt into Redis that is not there yet."""
    for digest in digests:
        if DIGEST.fullmatch(digest) and not await redis.exists(prompt_key(digest)):
            path = prompt_path(digest)
            if path.is_file():
                await redis.set(prompt_key(digest), path.read_bytes())
            else:
                log.error("prompt_missing", digest=digest)
