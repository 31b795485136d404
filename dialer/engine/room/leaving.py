"""An agent leaves the room: by their own wish, by a dead network, or because the campaign ended."""

from __future__ import annotations

from agents.choices import AgentState
from agents.states import AgentEvent
from agents.whereabouts import Whereabouts
from dialer.bus import schemas
from dialer.calls.choices import Stage

from . import lines
from .dispositions import dispose_by_default
from .model import Seat
from .previewing import withdraw_preview
from .room import Room


def leave_room(room: Room, seat: Seat, now: float, reason: str) -> None:
    """Let go of the agent's call, give it the default disposition, and close the seat."""
    withdraw_preview(room, seat)
    call = room.calls.get(seat.call)
    if call is not None:
        if call.live:
            lines.hang_up(room, call)
            room.to_media(seat, schemas.Part(session=seat.session, call=call.id))
        if call.connected_at or call.stage == Stage.ENDED:
            dispose_by_default(room, seat, call, now, f"agent left: {reason}")
        elif not call.answered:
            call.agent = 0
            room.touch(call)
    seat.call = ""
    if seat.state != AgentState.OFFLINE:
        room.move(seat, AgentEvent.SIGN_OUT, now, reason)
    room.note("left", now, session=seat.session, agent=seat.id, reason=reason)
    room.sits(seat.session, Whereabouts(0, seat.sequence))
    show_outside(room, seat, now, reason)
    del room.seats[seat.id]
    room.touch(seat)


def show_outside(room: Room, seat: Seat, now: float, reason: str) -> None:
    """The console of an agent who is in no campaign."""
    view = {
        "id": seat.id,
        "name": seat.name,
        "state": AgentState.OFFLINE,
        "since": now,
        "reason": reason,
        "requested": None,
        "session": seat.session,
        "campaign": None,
        "media": seat.media,
        "audio_checked": seat.audio_checked,
        "wrapup_until": None,
        "muted": False,
        "lagged": not seat.connected,
        "notice": f"You left {room.config.name}: {reason}. Choose a campaign to go on.",
    }
    room.tell(seat.id, "call", None)
    room.show_lead(seat.id, None)
    room.tell(seat.id, "agent", view)
