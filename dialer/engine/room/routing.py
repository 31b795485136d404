"""Who gets an answered call: the agent who has waited longest; nobody within the limit, the safe-harbour message."""

from __future__ import annotations

from agents.choices import AgentState
from agents.states import AgentEvent
from dialer.bus import schemas
from dialer.calls.choices import Stage
from dialer.calls.states import CallStep, transition

from .model import LiveCall, Seat
from .room import Room

KEY_BITS = 64
"""As ``schemas.Bridge.key`` and the audio datagrams have it."""


def longest_ready(room: Room) -> Seat | None:
    """The ready agent who has waited longest and whose audio stands."""
    free = [seat for seat in room.seats.values() if seat.state == AgentState.READY and not seat.leaving]
    free = [seat for seat in free if room.board.media_address(seat.media_node)]
    return min(free, key=lambda seat: (seat.since, seat.id), default=None)


def route_answer(room: Room, call: LiveCall, now: float) -> None:
    """Join an answered call with its own agent, else the longest waiting, else let it wait its turn."""
    own = room.seats.get(call.agent)
    if own is not None and own.call == call.id:
        if own.media == "up":
            connect(room, call, own, now)
            return
        call.agent = 0
    seat = longest_ready(room) if not room.waiting else None
    if seat is not None:
        connect(room, call, seat, now)
    else:
        room.waiting.append(call.id)


def connect(room: Room, call: LiveCall, seat: Seat, now: float, waited: bool = False) -> None:
    """Join the two: audio first, then the screen, then the records. ``waited``: nobody was free at the answer."""
    call.agent, seat.call = seat.id, call.id
    call.connected_at = now
    call.stage = transition(call.stage, CallStep.CONNECTED)
    bridge(room, call, seat, tone=True)
    seat.calls += 1
    seat.muted = False
    room.tally.connected += 1
    room.move(seat, AgentEvent.CONNECT, now)
    room.show_lead(seat.id, call.lead)
    room.touch(call)
    room.observe("connected", now)
    room.note("connected", now, call=call.id, agent=seat.id, waited=waited)


def bridge(room: Room, call: LiveCall, seat: Seat, tone: bool) -> None:
    """Lay (or lay anew) the audio between a call and an agent under a fresh key."""
    address = room.board.media_address(seat.media_node)
    if not address:
        return
    call.key = room.chance.getrandbits(KEY_BITS)
    room.touch(call)
    room.to_media(seat, schemas.Join(session=seat.session, call=call.id, key=call.key, tone=tone))
    room.to_line(call, schemas.Bridge(call=call.id, address=address, key=call.key))


def serve_waiting(room: Room, now: float) -> None:
    """Give those who wait to the agents who are ready, first come first served."""
    while room.waiting:
        call = room.calls.get(room.waiting[0])
        if call is None or call.stage != Stage.ANSWERED:
            room.waiting.popleft()
            continue
        seat = longest_ready(room)
        if seat is None:
            return
        room.waiting.popleft()
        connect(room, call, seat, now, waited=True)


def give_up_late(room: Room, now: float) -> None:
    """Nobody came in time: the message that the law asks for (16 CFR 310.4(b)(4)(iii))."""
    for call_id in list(room.waiting):
        call = room.calls.get(call_id)
        if call is None or call.stage != Stage.ANSWERED:
            room.waiting.remove(call_id)
        elif now - call.waiting_since >= room.config.answer_wait_s:
            abandon(room, call, now)
            room.to_line(call, schemas.PlayThenHangup(call=call.id, prompt=room.config.safe_harbour))


def abandon(room: Room, call: LiveCall, now: float) -> None:
    """The call counts as abandoned and hears the message."""
    if call.id in room.waiting:
        room.waiting.remove(call.id)
    call.stage = transition(call.stage, CallStep.MESSAGE)
    room.touch(call)
    room.tally.abandoned += 1
    room.tally.abandoned_30d += 1
    room.observe("abandoned", now)
