"""Leads shown before they are dialed: preview campaigns and agents' own callbacks."""

from __future__ import annotations

from typing import Any

from agents.choices import AgentState
from agents.states import AgentEvent
from compliance.choices import DialKind
from dialer.bus import schemas

from .choosing import take_lead_for
from .model import LiveCall, Seat
from .room import Room


def offer(room: Room, seat: Seat, call: LiveCall, now: float) -> None:
    """Show a lead to the agent, who dials or passes."""
    room.move(seat, AgentEvent.OFFER_PREVIEW, now)
    call.agent = seat.id
    room.previews[seat.id] = (call, now + room.config.preview_limit_s)
    room.show_lead(seat.id, call.lead)
    room.show_call(call)
    room.to_media(seat, schemas.Tone(session=seat.session, name="callback"))


def offer_all(room: Room, now: float) -> None:
    """Give each ready agent what is due: their own callback, or in a preview campaign the next lead."""
    if not room.config.dials or not (room.callbacks or room.config.method == "preview"):
        return
    for seat in room.seats.values():
        if seat.state != AgentState.READY or seat.leaving:
            continue
        callback = room.callbacks.pop(seat.id, None)
        if callback is not None:
            call = lead_call(room, callback["lead"], DialKind.CALLBACK)
            call.callback = int(callback["id"])
            offer(room, seat, call, now)
        elif room.config.method == "preview" and (due := take_lead_for(room, seat)) is not None:
            offer(room, seat, lead_call(room, due, DialKind.PREVIEW), now)


def lead_call(room: Room, due: dict[str, Any], kind: str) -> LiveCall:
    """A call to a due lead as the hopper holds it: {number, screen, request}."""
    return room.new_call(due["number"], kind, due["screen"], due["request"])


def withdraw_preview(room: Room, seat: Seat) -> LiveCall | None:
    """Take back what was offered; the lead may be offered again."""
    offered = room.previews.pop(seat.id, None)
    if offered is None:
        return None
    room.tell(seat.id, "call", None)
    room.show_lead(seat.id, None)
    return offered[0]


def expire_previews(room: Room, now: float) -> None:
    """A preview that nobody decided on: the agent is paused, the lead goes back."""
    for agent, (_call, until) in list(room.previews.items()):
        seat = room.seats[agent]
        if now >= until:
            withdraw_preview(room, seat)
            room.move(seat, AgentEvent.PAUSE, now, "preview ran out")
