"""Redis has forgotten everything: what rested there, and nowhere else, is brought to an end in the records.

Talks go on at the line nodes, which are asked for them; nobody knows any more who talked with whom, so those lines are
hung up. Consoles join again. What agents had still to say of their last call is said by the default disposition.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from agents.choices import AgentState
from agents.models import AgentStateChange
from agents.states import AgentEvent
from campaigns.models import Lead
from dialer.bus import names
from dialer.calls.models import Call

from . import database, fence, projection
from .keeping import JOURNAL_FIELD
from .room.config import RoomConfig

REST_S = 60
"""Before a lead whose line may still be up is dialed again: nodes are asked within 3 s, and the message they may
play to somebody who answered is over by then."""
WHY = "the engine lost its memory"


def remembers_key(campaign: int) -> str:
    """There as long as Redis remembers what the last holder left."""
    return f"{names.PREFIX}remembers:{campaign}"


async def has_forgotten(redis: Redis, campaign: int, newest_epoch: int) -> bool:
    """Whether Redis has lost its memory of a campaign that was held, and nobody has settled it since."""
    return newest_epoch > 0 and not await redis.exists(remembers_key(campaign))


async def remember(redis: Redis, campaigns: Collection[int]) -> None:
    """All is settled. Whoever began and died before this leaves it to the next."""
    await redis.mset({remembers_key(campaign): 1 for campaign in campaigns})


async def resume_journal(redis: Redis, campaign: int) -> None:
    """Let the journal go on behind what is written: on a clock that was set back its lines would seem old."""
    milliseconds, _, sequence = (await database.read(projection.position_of, campaign)).partition("-")
    following, stream = f"{milliseconds}-{int(sequence) + 1}", names.journal_stream(campaign)
    with contextlib.suppress(ResponseError):  # The stream is further already.
        await redis.xadd(stream, {JOURNAL_FIELD: b""}, id=following)
        await redis.xdel(stream, following)


@transaction.atomic
def settle(config: RoomConfig, epoch: int) -> None:
    """Dispose of talks that nobody will, and sign out who sat in the room. Raises ``fence.Superseded``."""
    fence.stand(config.campaign, epoch)
    now = time.time()
    rule = config.default_disposition
    talks = Call.objects.filter(campaign=config.campaign, connected_at__isnull=False, disposed_at=None)
    leads = [call.lead_id for call in talks if call.lead_id]
    if rule:
        ended = talks.exclude(ended_at=None)
        projection.write([(config.campaign, _disposed(call, rule.id, now)) for call in ended])
    rested = datetime.now(UTC) + timedelta(seconds=REST_S)
    Lead.objects.filter(pk__in=leads, next_call_at__lt=rested).update(next_call_at=rested)
    present = [change for change in _last_changes(config.campaign) if change.to_state != AgentState.OFFLINE]
    projection.write([(config.campaign, _signed_out(change, now)) for change in present])


def _last_changes(campaign: int) -> list[AgentStateChange]:
    """The last change of each session that is open, where it was made in this campaign."""
    rows = AgentStateChange.objects.filter(session__ended_at=None).order_by("session", "-sequence")
    last = {row.session_id: row for row in reversed(rows)}
    return [row for row in last.values() if row.campaign_id == campaign]


def _disposed(call: Call, rule: int, now: float) -> dict[str, Any]:
    return {
        "t": "disposed",
        "at": now,
        "call": call.pk,
        "lead": call.lead_id or 0,
        "number": call.number,
        "disposition": rule,
        "agent": call.agent_id,
        "callback": 0,
        "callback_at": None,
        "callback_mine": False,
        "notes": WHY,
    }


def _signed_out(change: AgentStateChange, now: float) -> dict[str, Any]:
    return {
        "t": "agent",
        "at": now,
        "session": change.session_id,
        "sequence": change.sequence + 1,
        "event": AgentEvent.SIGN_OUT,
        "reason": WHY,
        "call": change.call,
        "from": change.to_state,
        "to": AgentState.OFFLINE,
    }
