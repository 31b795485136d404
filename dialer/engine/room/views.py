"""Seats, calls and rooms as browsers see them (docs/protocol.md)."""

from __future__ import annotations

from typing import Any

from compliance.choices import DialKind
from dialer.calls.choices import Stage

from .config import RoomConfig, Tally
from .model import LiveCall, Seat

STAGE_SHOWN = {
    Stage.PLACED: "dialing",
    Stage.RINGING: "ringing",
    Stage.ANSWERED: "ringing",
    Stage.CONNECTED: "connected",
    Stage.MESSAGE: "ended",
    Stage.ENDED: "ended",
}


def agent_view(seat: Seat, config: RoomConfig, notice: str) -> dict[str, Any]:
    """The ``agent`` type of an agent's topic."""
    requested = {"state": seat.requested, "reason": seat.requested_reason} if seat.requested else None
    return {
        "id": seat.id,
        "name": seat.name,
        "state": seat.state,
        "since": seat.since,
        "reason": seat.reason,
        "requested": requested,
        "session": seat.session,
        "campaign": {"id": config.campaign, "name": config.name, "method": config.method},
        "media": seat.media,
        "audio_checked": seat.audio_checked,
        "wrapup_until": seat.wrapup_until or None,
        "muted": seat.muted,
        "lagged": not seat.connected,
        "notice": notice,
    }


def call_view(call: LiveCall, config: RoomConfig, preview_until: float = 0.0) -> dict[str, Any]:
    """The ``call`` type of an agent's topic. ``preview_until``: the call is offered and not yet dialed."""
    return {
        "id": call.id,
        "kind": call.kind,
        "stage": "preview" if preview_until else STAGE_SHOWN[call.stage],
        "number": shown_number(call, config),
        "placed_at": call.placed_at or None,
        "answered_at": call.answered_at or None,
        "connected_at": call.connected_at or None,
        "ended_at": call.ended_at or None,
        "caller_id": call.caller_id,
        "attempt": call.attempt,
        "max_attempts": config.max_attempts,
        "held": call.held,
        "end_reason": call.ended_by,
        "preview_until": preview_until or None,
    }


def shown_number(call: LiveCall, config: RoomConfig) -> str:
    """What the agent sees of the number: all of one that they typed, else as the campaign says."""
    return mask(call.number) if config.mask_numbers and call.kind != DialKind.MANUAL else call.number


def lead_view(lead: dict[str, Any], config: RoomConfig) -> dict[str, Any]:
    """The ``lead`` type of an agent's topic."""
    if not config.mask_numbers:
        return lead
    phones = [{**phone, "number": mask(phone["number"])} for phone in lead.get("phones", ())]
    return {**lead, "phones": phones}


def mask(number: str) -> str:
    """A number for who need not know it: country, area and the last two digits."""
    return f"{number[:5]}…{number[-2:]}" if len(number) > 8 else number


def floor_agent_view(seat: Seat, config: RoomConfig, call: LiveCall | None) -> dict[str, Any]:
    """An entry of ``agent`` in the floor's topic."""
    shown = None
    if call is not None and call.live:
        shown = {"id": call.id, "number": mask(call.number), "since": call.connected_at or call.placed_at}
    return {
        "id": seat.id,
        "name": seat.name,
        "state": seat.state,
        "since": seat.since,
        "reason": seat.reason,
        "campaign": config.campaign,
        "campaign_name": config.name,
        "call": shown,
        "calls": seat.calls,
        "connected_s": round(seat.connected_s, 1),
        "lagged": not seat.connected,
        "media": seat.media,
    }


def count_by(values: list[str]) -> dict[str, int]:
    """How often each value occurs."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def floor_campaign_view(
    config: RoomConfig, seats: list[Seat], calls: list[LiveCall], tally: Tally, extra: dict[str, Any]
) -> dict[str, Any]:
    """An entry of ``campaign`` in the floor's topic."""
    share = tally.abandoned_30d / tally.answered_30d if tally.answered_30d else 0.0
    return {
        "id": config.campaign,
        "name": config.name,
        "method": config.method,
        "status": config.status,
        "agents": count_by([seat.state for seat in seats]),
        "lines": count_by([call.stage for call in calls if call.live]),
        "today": {
            "placed": tally.placed,
            "answered": tally.answered,
            "connected": tally.connected,
            "abandoned": tally.abandoned,
            **{
                outcome: n
                for outcome, n in tally.outcomes.items()
                if outcome not in ("connected", "abandoned")
            },
        },
        "answered_30d": tally.answered_30d,
        "abandoned_30d": tally.abandoned_30d,
        "abandon_share": round(share, 5),
        "abandon_limit": config.abandon_limit,
        "line_limit": config.line_limit,
        **extra,
    }
