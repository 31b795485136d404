"""Taking campaigns over, all that are free at once: forty need no more queries than one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis

from . import amnesia, configs, database, fence, journal, keeping, lease, recovery
from .room.config import RoomConfig, Tally


class Leased(NamedTuple):
    """A campaign whose lease is ours."""

    config: RoomConfig
    epoch: int
    forgotten: bool
    """Redis has lost its memory since another held it."""


class Taken(NamedTuple):
    """All that its room begins with."""

    config: RoomConfig
    epoch: int
    kept: keeping.Kept
    tally: Tally
    answered: list[str]
    """Calls whose answers are recorded already."""
    learned: dict[str, Any] | None
    orphans: int


async def lease_free(redis: Redis, campaigns: Collection[int], holder: str) -> list[Leased]:
    """Lease what nobody has meanwhile."""
    found = await database.read(configs.load_configs, campaigns)
    newest = await database.read(fence.newest_epochs, list(found))
    asked = (_lease(redis, config, newest[campaign], holder) for campaign, config in found.items())
    return [leased for leased in await asyncio.gather(*asked) if leased is not None]


async def _lease(redis: Redis, config: RoomConfig, newest: int, holder: str) -> Leased | None:
    forgotten = await amnesia.has_forgotten(redis, config.campaign, newest)
    epoch = await lease.acquire(redis, config.campaign, holder, newest)
    return Leased(config, epoch, forgotten) if epoch is not None else None


async def take(redis: Redis, leased: Sequence[Leased], holder: str) -> list[Taken]:
    """The fence first: from then on nobody else writes, so that what is read next is the end of it.

    What another has taken meanwhile is left out.
    """
    asked = {one.config.campaign: one.epoch for one in leased}
    ours = await database.write_for_takeover(fence.begin_all, asked, holder)
    leased = [one for one in leased if one.config.campaign in ours]
    for one in leased:
        if one.forgotten:
            await amnesia.resume_journal(redis, one.config.campaign)
    await journal.catch_up_all(redis, {campaign: asked[campaign] for campaign in ours})
    kept = dict(zip(ours, await asyncio.gather(*(keeping.load(redis, pk) for pk in ours)), strict=True))
    orphans = await _close_orphans(leased, kept)
    for one in leased:
        if one.forgotten:
            await database.write(amnesia.settle, one.config, one.epoch)
    if leased:
        await amnesia.remember(redis, [one.config.campaign for one in leased])
    return await _all_of(redis, leased, kept, orphans)


async def _close_orphans(leased: Sequence[Leased], kept: Mapping[int, keeping.Kept]) -> Mapping[int, int]:
    epochs = {one.config.campaign: one.epoch for one in leased}
    ordered = [call for room in kept.values() for call in recovery.ordered(room)]
    return await database.write_for_takeover(recovery.close_all_orphans, epochs, ordered)


async def _all_of(
    redis: Redis, leased: Sequence[Leased], kept: Mapping[int, keeping.Kept], orphans: Mapping[int, int]
) -> list[Taken]:
    rooms = [one.config for one in leased]
    tallies = await database.read(configs.load_tallies, rooms)
    answered = await database.read(lambda: [recovery.answered_lately(config) for config in rooms])
    learned = await asyncio.gather(*(keeping.load_learned(redis, config.campaign) for config in rooms))
    return [
        Taken(
            one.config,
            one.epoch,
            kept[one.config.campaign],
            tallies[one.config.campaign],
            heard,
            known,
            orphans.get(one.config.campaign, 0),
        )
        for one, heard, known in zip(leased, answered, learned, strict=True)
    ]
