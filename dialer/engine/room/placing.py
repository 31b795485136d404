"""How many lines now, and which leads: the pacer's answer within every limit of the world."""

from __future__ import annotations

from agents.choices import AgentState
from agents.states import AgentEvent
from compliance.choices import DialKind
from dialer.bus import schemas
from dialer.calls.choices import Stage

from . import choosing
from .limits import Decision, Limit
from .lines import cancel
from .model import LiveCall
from .pacing import AUTOMATIC
from .previewing import lead_call
from .room import Room
from .sight import snapshot

BY_HAND = (DialKind.MANUAL, DialKind.API)
"""The agent did not wait for leads: after a refusal it is where it was before."""
AT_WORK = (AgentState.READY, AgentState.RESERVED, AgentState.TALKING, AgentState.HOLD, AgentState.WRAPUP)
CLOSING_S = 60.0
"""So long before its hours end a campaign is said to close: few calls placed then still become talks."""
PACE_EVERY_S = 0.25
"""The pacer is asked at each event, and at least so often."""
QUIET = (schemas.CallTrying, schemas.CallBridged, schemas.Joined)
"""Events that are only noted in the journal: nothing is decided anew."""


def pace(room: Room, now: float) -> None:
    """Place as many lines as the pacer asks for and the world allows. Lines that are out are never taken back."""
    if room.config.method not in AUTOMATIC or not room.config.dials:
        room.decision = Decision(limit=Limit.HELD if room.config.method in AUTOMATIC else Limit.BY_HAND)
        return
    seen = snapshot(room, now)
    asked = room.pacing.lines_to_place(seen)
    free = seen.line_limit - len(seen.lines)
    wanted = min(asked, free, choosing.at_hand(room))
    placed = _place(room, max(0, wanted), now)
    out = len(seen.lines)
    limit = _limit(room, asked - placed, free - placed, placed < wanted, seen.closes_in)
    room.decision = Decision(out + asked, out + placed, limit)


def _place(room: Room, count: int, now: float) -> int:
    """Take the next leads; returns for how many there was a trunk and a node."""
    for placed in range(count):
        due, agent = choosing.take_lead(room)
        call = lead_call(room, due, DialKind.AUTO)
        call.meant_for = agent
        if not reserve_line(room, call, now):
            room.hopper.appendleft(due)
            return placed
        room.calls[call.id] = call
        call.placed_at = now
        room.observe("placed", now, call=call)
        room.effects.place.append(call)
    return count


def _limit(room: Room, unmet: int, free: int, refused: bool, closes_in: float) -> Limit:
    """What limits the room, of whose wish ``unmet`` lines were not placed and which may place ``free`` more."""
    if not any(seat.state in AT_WORK and not seat.leaving for seat in room.seats.values()):
        return Limit.AGENTS
    if closes_in < CLOSING_S:
        return Limit.WINDOW
    if refused:
        return Limit.TRUNKS
    if free <= 0:
        return Limit.LINES
    return Limit.LEADS if unmet > 0 or not room.hopper else Limit.ACCOUNT


def reserve_line(room: Room, call: LiveCall, now: float) -> bool:
    """Take a trunk and a node for the call; False when none is free."""
    found = room.board.reserve(room.config.trunks, now)
    if found is None:
        return False
    call.trunk, call.node = found
    return True


def placed(room: Room, call_id: str, permit: bytes, permit_id: str, caller_id: str, now: float) -> None:
    """The gate permitted and the record is written: dial."""
    call = room.calls.get(call_id)
    if call is None:
        return
    call.written, call.caller_id = True, caller_id
    room.tally.placed += 1
    originate = schemas.Originate(
        call=call.id,
        permit=permit,
        ring_limit=room.config.ring_limit_s,
        safe_harbour=room.config.safe_harbour,
    )
    room.to_line(call, originate)
    if call.cancelled:
        room.to_line(call, schemas.Hangup(call=call.id, cause="cancel"))
    room.touch(call)
    room.answer(call.reply_to, {"call": call.id})


def not_placed(room: Room, call_id: str, code: str, message: str, now: float) -> None:
    """The gate refused, another worker had the lead, or the database is away: no call was made."""
    call = room.calls.get(call_id)
    if call is None:
        return
    call.stage = Stage.ENDED
    room.board.release(call.trunk, call.node)
    seat = room.seats.get(call.agent)
    if seat is not None and seat.call == call.id:
        seat.call = ""
        room.move(
            seat,
            AgentEvent.PAUSE if seat.requested or call.kind in BY_HAND else AgentEvent.RELEASE,
            now,
        )
        room.tell(seat.id, "call", None)
        room.show_lead(seat.id, None)
    else:
        room.observe("failed", now, now - call.placed_at, "invalid", call)
    room.refuse(call.reply_to, code, message)
    room.forget(call)


def drop_unanswered(room: Room, now: float) -> None:
    """Dialing stops at once: end whatever nobody has answered."""
    for call in room.live_calls:
        cancel(room, call, now)
    room.hopper.clear()
