"""Leases on campaigns: one daemon holds a campaign at a time, and each holder has a higher epoch than the last.

The lease is a Redis key with a short life that the holder renews. The epoch rests in a key of its own that only a
takeover changes, so a write can be fenced by watching it. Epochs are at least the time in milliseconds, and more than
any that the database knows (``fence``): they grow even when Redis has lost everything and clocks were set back.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any, cast

from redis.asyncio import Redis

from dialer.bus.names import PREFIX

LEASE_LIFE_MS = 1700
RENEW_EVERY_S = 0.4

# Take the lease if nobody has it; only then does the epoch change. One step, so two daemons cannot both win.
_ACQUIRE = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  local last = tonumber(redis.call('GET', KEYS[2]) or '0')
  local epoch = math.max(last + 1, tonumber(ARGV[3]))
  redis.call('SET', KEYS[2], string.format('%d', epoch))
  return string.format('%d', epoch)
end
return false
"""
_RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


def lease_key(campaign: int) -> str:
    """Who holds the campaign."""
    return f"{PREFIX}lease:{campaign}"


def epoch_key(campaign: int) -> str:
    """The epoch of the newest holder."""
    return f"{PREFIX}epoch:{campaign}"


async def acquire(redis: Redis, campaign: int, holder: str, above: int = 0) -> int | None:
    """The epoch, more than ``above``, under which ``holder`` now has the campaign; None where another holds it."""
    keys = (lease_key(campaign), epoch_key(campaign))
    least = max(above + 1, int(time.time() * 1000))
    epoch = await cast(Any, redis).eval(_ACQUIRE, 2, *keys, holder, LEASE_LIFE_MS, least)
    return int(epoch) if epoch else None


async def unheld(redis: Redis, campaigns: Collection[int]) -> list[int]:
    """Those of the campaigns that nobody has."""
    if not campaigns:
        return []
    holders: Any = await redis.mget([lease_key(campaign) for campaign in campaigns])
    return [campaign for campaign, holder in zip(campaigns, holders, strict=True) if holder is None]


async def renew(redis: Redis, campaigns: Collection[int], holder: str) -> set[int]:
    """Those of the campaigns that ``holder`` still has, now for another ``LEASE_LIFE_MS``."""
    async with redis.pipeline(transaction=False) as pipe:
        for campaign in campaigns:
            pipe.eval(_RENEW, 1, lease_key(campaign), holder, str(LEASE_LIFE_MS))
        held = await pipe.execute()
    return {campaign for campaign, still in zip(campaigns, held, strict=True) if still}


async def release(redis: Redis, campaign: int, holder: str) -> None:
    """Let another daemon have the campaign at once."""
    await cast(Any, redis).eval(_RELEASE, 1, lease_key(campaign), holder)
