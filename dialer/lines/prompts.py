"""The node's own copies of prompts: fetched from Redis before a call that may need them is placed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from redis.asyncio import Redis

from dialer.bus import names

from . import prompt_audio

DIGEST = re.compile(r"[0-9a-f]{64}")


class PromptCache:
    """Prompts as files named by their digest, in a directory that only this node reads."""

    def __init__(self, redis: Redis, directory: Path) -> None:
        self._redis = redis
        self._directory = directory
        self._here: set[str] = set()

    async def ensure(self, digest: str) -> bool:
        """Whether the prompt is here and can be played. Raises RedisError when Redis had to be asked and is away."""
        if digest in self._here:
            return True
        if not DIGEST.fullmatch(digest):
            return False
        content = await self._redis.get(names.prompt_key(digest))
        if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != digest:
            return False
        try:
            prompt_audio.frames(content)
        except prompt_audio.PromptInvalid:
            return False
        self._keep(digest, content)
        return True

    def _keep(self, digest: str, content: bytes) -> None:
        """A child must never see half a file."""
        draft = self._directory / f"{digest}.draft"
        draft.write_bytes(content)
        draft.replace(self._directory / digest)
        self._here.add(digest)
