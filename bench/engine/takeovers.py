"""How long a floor is without decisions when its daemon dies: with another standing by, and with none.

A campaign decides again when the new daemon's first command for it is on its way: a ``Bridge``, an ``Originate``, or
the answer to a console. A campaign may have nothing to dial or to join for seconds, so one of its consoles asks.
"""

from __future__ import annotations

import asyncio
import math
import time
from statistics import median
from typing import Any

from redis.asyncio import Redis

from dialer.bus import names, schemas, streams
from dialer.bus.permit import open_permit

from .crew import Person
from .line_node import NODE

LIMIT_S = 14.0
"""A console's command is too old to be carried out after 15 s."""


async def until_all_decide(redis: Redis, key: bytes, askers: list[Person], died_at: float) -> dict[str, Any]:
    """Seconds from ``died_at`` (Unix seconds, just now) until the next holder's first decision, over all campaigns.

    ``worst_s`` is the last campaign's, ``dialing_worst_s`` the last one's first ``Bridge`` or ``Originate``; null where
    a campaign, of which ``undecided`` counts them, took longer than ``LIMIT_S``.
    """
    answered = dict(await asyncio.gather(*(_answered_at(redis, asker) for asker in askers)))
    dialed = await _dialing_at(redis, key, set(answered), died_at)
    first = {campaign: min(at, dialed.get(campaign, math.inf)) for campaign, at in answered.items()}
    return {
        "worst_s": _seconds(max(first.values()) - died_at),
        "median_s": _seconds(median(first.values()) - died_at),
        "dialing_worst_s": _seconds(max(dialed.get(campaign, math.inf) for campaign in first) - died_at),
        "undecided": sum(math.isinf(at) for at in first.values()),
    }


def _seconds(took: float) -> float | None:
    return None if math.isinf(took) else round(took, 2)


async def _answered_at(redis: Redis, asker: Person) -> tuple[int, float]:
    """When the campaign's room answered a console that came back."""
    command = schemas.AgentCommand(agent=asker.agent, session=asker.session, name="join")
    reply = await streams.request(redis, names.room_stream(asker.campaign), command, LIMIT_S)
    return asker.campaign, time.time() if isinstance(reply, schemas.Done) else math.inf


async def _dialing_at(redis: Redis, key: bytes, campaigns: set[int], since: float) -> dict[int, float]:
    """Campaign → when its first Bridge or Originate after ``since`` was sent, once all have one."""
    deadline = time.time() + LIMIT_S
    while True:
        first = await _first_commands(redis, key, campaigns, since)
        if len(first) == len(campaigns) or time.time() > deadline:
            return first
        await asyncio.sleep(0.2)


async def _first_commands(redis: Redis, key: bytes, campaigns: set[int], since: float) -> dict[int, float]:
    entries: Any = await redis.xrange(names.line_stream(NODE))
    decode = schemas.decoder(schemas.LineCommand).decode
    campaign_of: dict[str, int] = {}
    first: dict[int, float] = {}
    for position, fields in entries:
        command, at = decode(fields[streams.FIELD]), int(position.partition(b"-")[0]) / 1000
        if isinstance(command, schemas.Originate):
            campaign_of[command.call] = open_permit(command.permit, key, at).campaign
        if isinstance(command, schemas.Originate | schemas.Bridge) and at > since:
            first.setdefault(campaign_of.get(command.call, 0), at)
    return {campaign: at for campaign, at in first.items() if campaign in campaigns}
