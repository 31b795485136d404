"""The word on a call: the agent's, or the default when wrap-up runs out."""

from __future__ import annotations

from typing import Any

from agents.choices import AgentState
from agents.states import AgentEvent
from campaigns.choices import Outcome

from .config import DispositionRule
from .model import LiveCall, Seat
from .room import Room


def dispose(
    room: Room, call: LiveCall, rule: DispositionRule, seat: Seat, now: float, details: dict[str, Any]
) -> None:
    """Write the disposition; lead, callback, do-not-call and outbox follow in one transaction of the projection."""
    call.disposed = True
    if rule.is_machine:
        count_machine(room, call, now)
    room.note(
        "disposed",
        now,
        call=call.id,
        lead=call.lead_id,
        number=call.number,
        disposition=rule.id,
        agent=seat.id,
        callback=call.callback,
        **details,
    )
    if call.live:
        room.touch(call)
    else:
        room.forget(call)


def count_machine(room: Room, call: LiveCall, now: float) -> None:
    """A machine was no person: it leaves the account of people who answered."""
    call.machine = True
    room.tally.answered_30d -= 1
    room.observe("machine", now, call.answered_at - call.placed_at, "after_answer", call)
    if not call.live:
        outcomes = room.tally.outcomes
        outcomes[Outcome.CONNECTED] = outcomes.get(Outcome.CONNECTED, 1) - 1
        outcomes[Outcome.MACHINE] = outcomes.get(Outcome.MACHINE, 0) + 1


def dispose_by_default(room: Room, seat: Seat, call: LiveCall, now: float, why: str) -> None:
    """No word came: the campaign's default disposition, with the reason as a note."""
    rule = room.config.default_disposition
    if call.disposed:
        return
    if rule is None:
        call.disposed = True
        room.forget(call)
        return
    dispose(room, call, rule, seat, now, {"notes": why, "callback_at": None, "callback_mine": False})


def finish_wrapup(room: Room, seat: Seat, now: float, then: str = "ready", reason: str = "") -> None:
    """After the disposition: ready again, or the pause that was asked for."""
    seat.call, seat.wrapup_until = "", 0.0
    pause = then == "pause" or bool(seat.requested) or not seat.connected or seat.media != "up"
    if seat.state == AgentState.WRAPUP:
        event = AgentEvent.PAUSE if pause else AgentEvent.DISPOSED
        room.move(seat, event, now, (seat.requested_reason or reason) if pause else "")
    if seat.requested != "offline":
        seat.requested = seat.requested_reason = ""
    room.tell(seat.id, "call", None)
    room.show_lead(seat.id, None)
