"""Agents' consoles and audio that come and go."""

from __future__ import annotations

from agents.choices import AgentState
from agents.states import AgentEvent
from dialer.bus import schemas

from . import lines, routing
from .leaving import leave_room
from .model import Seat
from .room import Room

GRACE_S = 15.0
"""How long a lead stays connected while its agent's console or audio is away."""

FORWARDED_LATE_S = 5.0
"""How long after a hand-over a word on the agent's audio may still come by way of the room they were in."""

IN_CALL = (AgentState.TALKING, AgentState.HOLD)


def on_console(room: Room, message: schemas.AgentConnection, now: float) -> None:
    """The agent's socket came up or went away."""
    seat = room.seats.get(message.agent)
    if seat is None or seat.session != message.session:
        return
    seat.connected = message.up
    seat.lost_at = 0.0 if message.up else now
    room.touch(seat)
    if message.up:
        routing.serve_waiting(room, now)


def on_session_up(room: Room, event: schemas.SessionUp, now: float) -> None:
    """The agent's audio stands; a call in progress is laid anew."""
    seat = room.seats.get(event.agent)
    if seat is None or seat.session != event.session:
        return
    moved = seat.media_node != event.node
    was_down = seat.media != "up"
    seat.media, seat.media_node, seat.media_lost_at = "up", event.node, 0.0
    seat.media_at = event.at
    room.touch(seat)
    call = room.calls.get(seat.call)
    if call is not None and call.live and seat.state in IN_CALL and (moved or was_down):
        routing.bridge(room, call, seat, tone=False)
        _restore_switches(room, seat)
    routing.serve_waiting(room, now)


def _restore_switches(room: Room, seat: Seat) -> None:
    if seat.muted:
        room.to_media(seat, schemas.Mute(session=seat.session, on=True))
    if seat.state == AgentState.HOLD:
        room.to_media(seat, schemas.Hold(session=seat.session, on=True))


def on_session_down(room: Room, event: schemas.SessionDown, now: float) -> None:
    """The agent's audio stopped."""
    seat = room.seats.get(event.agent)
    if seat is None or seat.session != event.session or seat.media_node != event.node:
        return
    overtaken = now - seat.seated_at < FORWARDED_LATE_S and event.at < seat.media_at
    if not overtaken:
        lose_media(room, seat, now)


def on_audio_heard(room: Room, event: schemas.AudioHeard, now: float) -> None:
    """The microphone works."""
    seat = room.seats.get(event.agent)
    if seat is not None and seat.session == event.session:
        seat.audio_checked = True
        room.touch(seat)


def lose_media(room: Room, seat: Seat, now: float) -> None:
    """No audio to or from the agent: no new calls; a lead on the line waits with comfort noise."""
    if seat.media != "up":
        return
    seat.media, seat.media_lost_at = "lost", now
    call = room.calls.get(seat.call)
    if call is not None and call.live and seat.state in IN_CALL:
        room.to_line(call, schemas.Unbridge(call=call.id))
    room.touch(seat)


def lose_media_node(room: Room, node: str, now: float) -> None:
    """A media node is gone with all its sessions."""
    for seat in room.seats.values():
        if seat.media_node == node:
            lose_media(room, seat, now)


def lose_line_node(room: Room, node: str, now: float) -> None:
    """A line node is gone with all its calls."""
    for call in room.live_calls:
        if call.node == node and call.written:
            event = schemas.CallEnded(
                call=call.id,
                campaign=room.config.campaign,
                node=node,
                at=now,
                reason="line node lost",
                ended_by="node",
                answered=call.answered,
            )
            lines.on_ended(room, event, now)


def drop_unreachable(room: Room, now: float) -> None:
    """After the grace period an agent who is away is signed out, and their lead is let go."""
    for seat in list(room.seats.values()):
        gone = seat.lost_at and now - seat.lost_at > GRACE_S
        deaf = seat.media == "lost" and seat.media_lost_at and now - seat.media_lost_at > GRACE_S
        if gone:
            leave_room(room, seat, now, "connection lost")
        elif deaf:
            _pause_deaf(room, seat, now)


def _pause_deaf(room: Room, seat: Seat, now: float) -> None:
    call = room.calls.get(seat.call)
    if call is not None and call.live and seat.state in IN_CALL:
        lines.hang_up(room, call)
    if seat.state == AgentState.READY:
        room.move(seat, AgentEvent.MEDIA_LOST, now, "audio lost")
    seat.media_lost_at = 0.0
