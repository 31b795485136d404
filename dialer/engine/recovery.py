"""Taking over a campaign: what the last holder kept, what the nodes still carry, what the database has on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from redis.asyncio import Redis

from agents.choices import AgentState
from agents.states import AgentEvent
from campaigns.choices import LeadStatus, Outcome
from campaigns.models import Lead
from campaigns.services.release_lead import Release, release_leads
from dialer.bus import names, schemas, streams
from dialer.calls.choices import Stage
from dialer.calls.models import Call

from . import fence, keeping, projection
from .room import commands, connections, lines, recent
from .room.config import RoomConfig
from .room.model import LiveCall, Seat
from .room.room import Room

log = structlog.get_logger(__name__)
SAID_TWICE_WITHIN_S = 1800.0
"""A node that did not hear whether Redis took its events sends them again, as soon as Redis answers."""
CLAIM_LIMIT_S = 2.0
"""Line nodes that have not reported by then are taken as gone."""


def ordered(kept: keeping.Kept) -> list[str]:
    """The calls whose INVITE was ordered."""
    return [call.id for call in kept.calls.values() if call.written]


def restore(room: Room, kept: keeping.Kept, now: float) -> None:
    """Put the kept seats and calls back into the room."""
    room.seats, room.calls = kept.seats, kept.calls
    for call in list(room.calls.values()):
        _restore_call(room, call, now)
    for seat in room.seats.values():
        _restore_times(room, seat, now)
    waiting = [call for call in room.calls.values() if call.stage == Stage.ANSWERED]
    room.waiting.extend(call.id for call in sorted(waiting, key=lambda call: call.answered_at))
    for seat in room.seats.values():
        if seat.state == AgentState.PREVIEW or (
            seat.state == AgentState.RESERVED and seat.call not in room.calls
        ):
            seat.call = ""
            room.move(seat, AgentEvent.RELEASE, now)


def restore_pacer(room: Room, learned: dict[str, Any] | None) -> None:
    """What another version learned is let go: the room starts carefully, with the account of the records."""
    if learned is None:
        return
    try:
        room.pacing.refit(room.config, room.tally, learned)
    except (ValueError, LookupError, TypeError) as error:
        log.warning("learned_pacing_not_read", campaign=room.config.campaign, error=str(error))
        room.pacing.refit(room.config, room.tally)


def answered_lately(config: RoomConfig) -> list[str]:
    """The calls whose answers are recorded already: what a node says of them twice means nothing."""
    since = datetime.now(UTC) - timedelta(seconds=SAID_TWICE_WITHIN_S)
    calls = Call.objects.filter(
        organisation=config.organisation, placed_at__gte=since, campaign=config.campaign
    )
    found = calls.filter(answered_at__isnull=False).order_by("-placed_at").values_list("pk", flat=True)
    return list(found[: recent.KEPT])


def _restore_times(room: Room, seat: Seat, now: float) -> None:
    """Where clocks were set back between two holders nothing may lie ahead: it would be waited for."""
    longest = room.config.wrapup_limit_s + seat.extensions * commands.WRAPUP_EXTENSION_S
    seat.since, seat.lost_at = min(seat.since, now), min(seat.lost_at, now)
    seat.media_lost_at = min(seat.media_lost_at, now)
    seat.wrapup_until = min(seat.wrapup_until, now + longest)


def _restore_call(room: Room, call: LiveCall, now: float) -> None:
    """A call that was never ordered is dropped: no INVITE left, and the database gives its lead back."""
    if not call.written:
        room.forget(call)
        return
    call.placed_at, call.waiting_since = min(call.placed_at, now), min(call.waiting_since, now)
    call.claimed = not call.live
    if call.live:
        room.board.adopt(call.trunk)


def close_orphans(campaign: int, epoch: int, kept: Collection[str]) -> int:
    """``close_all_orphans`` of one campaign; returns how many."""
    return close_all_orphans({campaign: epoch}, kept)[campaign]


@transaction.atomic
def close_all_orphans(epochs: Mapping[int, int], kept: Collection[str]) -> Counter[int]:
    """End the calls that are on paper and were never ordered, and give their leads back; how many in each campaign.

    Run after the journals are written to their end: whatever is still open then and not kept was never dialed. Raises
    ``fence.Superseded`` where another holder may have ordered calls of one of them since.
    """
    fence.stand_for_all(set(epochs.items()))
    now = datetime.now(UTC)
    orphans = list(Call.objects.filter(campaign__in=epochs, ended_at=None).exclude(pk__in=kept))
    projection.write([(call.campaign_id, _died_first(call, now)) for call in orphans])
    _free_stray_claims(epochs, kept, now)
    return Counter(call.campaign_id for call in orphans)


def _died_first(call: Call, now: datetime) -> dict[str, Any]:
    """The end of a call that nobody remembers. Where Redis forgot everything it may have been answered."""
    unmet = Outcome.ABANDONED if call.answered_at else Outcome.LOST
    outcome = Outcome.CONNECTED if call.connected_at else unmet
    return {
        "t": "ended",
        "at": now.timestamp(),
        "call": call.pk,
        "lead": call.lead_id or 0,
        "number": call.number,
        "outcome": outcome,
        "counted": outcome != Outcome.LOST,
        "code": 0,
        "reason": "the engine died first",
        "ended_by": "node",
        "quality": {},
    }


def _free_stray_claims(campaigns: Collection[int], kept: Collection[str], now: datetime) -> None:
    """Leads whose claim has neither a living nor an undisposed call: their disposition never came."""
    held = Lead.objects.filter(lead_list__campaign__in=campaigns, status=LeadStatus.DIALING)
    stray = dict(held.exclude(live_call__in=["", *kept]).values_list("pk", "live_call"))
    outcomes = dict(Call.objects.filter(pk__in=stray.values()).values_list("pk", "outcome"))
    release_leads(
        [_freed(lead, call, outcomes.get(call) or Outcome.LOST, now) for lead, call in stray.items()]
    )


def _freed(lead: int, call: str, outcome: str, now: datetime) -> Release:
    return Release(lead, call, outcome, "", now, counted=outcome != Outcome.LOST)


class Claims:
    """Asking line nodes for the calls of a campaign: after a takeover, and when a node is back or was started anew."""

    def __init__(self, room: Room, epoch: int) -> None:
        self.room, self.epoch = room, epoch
        self.waiting: set[str] = set()
        self.until = 0.0
        self.settled = False

    async def ask(self, redis: Redis, nodes: Collection[str], now: float) -> None:
        """From now on the nodes know the epoch, and report; a call of theirs that none reports is over."""
        message = schemas.Claim(campaign=self.room.config.campaign, epoch=self.epoch)
        for call in self.room.live_calls:
            call.claimed = call.claimed and call.node not in nodes
        self.waiting |= set(nodes)
        self.until, self.settled = now + CLAIM_LIMIT_S, False
        await streams.send_many(redis, [(names.line_stream(node), message) for node in nodes])

    def done(self, message: schemas.ClaimDone) -> None:
        """One node has reported all it carries."""
        if message.epoch == self.epoch:
            self.waiting.discard(message.node)

    def settle(self, now: float) -> None:
        """Once all have reported, or time is up: calls that nobody reported are over."""
        if self.settled or (self.waiting and now < self.until):
            return
        self.settled = True
        self.waiting.clear()
        for call in self.room.live_calls:
            if not call.claimed:
                lines.on_ended(self.room, _lost(self.room, call, now), now)
        for seat in self.room.seats.values():
            if seat.media == "up" and not self.room.board.media_address(seat.media_node):
                connections.lose_media(self.room, seat, now)


def _lost(room: Room, call: LiveCall, now: float) -> schemas.CallEnded:
    return schemas.CallEnded(
        call=call.id,
        campaign=room.config.campaign,
        node=call.node,
        at=now,
        reason="lost while the engine was away",
        ended_by="node",
        answered=call.answered,
    )
