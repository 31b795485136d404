"""What agents may ask for through the console: one verb a command (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from agents.choices import AgentState
from agents.states import AgentEvent, IllegalTransition
from agents.whereabouts import Whereabouts
from compliance.choices import DialKind
from dialer.bus import schemas

from . import lines, routing
from .connections import IN_CALL
from .dispositions import dispose, finish_wrapup
from .leaving import leave_room
from .model import LiveCall, Seat
from .placing import reserve_line
from .previewing import withdraw_preview
from .room import Room

WRAPUP_EXTENSION_S = 60.0
WRAPUP_EXTENSIONS = 3
DTMF = frozenset("0123456789*#ABCD")
Verb = Callable[[Room, Seat, Any, str, float], None]


class Rejected(Exception):
    """The command cannot be carried out; ``code`` as in docs/protocol.md, the message for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Args(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """No arguments."""


class JoinArgs(Args, frozen=True):
    """The agent's name as colleagues see it."""

    name: str = ""


class ReasonArgs(Args, frozen=True):
    """Why."""

    reason: str = ""


class SwitchArgs(Args, frozen=True):
    """On or off."""

    on: bool


class DtmfArgs(Args, frozen=True):
    """Keypad digits."""

    digits: str


class CallArgs(Args, frozen=True):
    """Which call."""

    call: str


class DialArgs(Args, frozen=True):
    """One of a number, a lead, a callback."""

    number: str = ""
    lead: int = 0
    callback: int = 0
    by_system: bool = False
    """Another system asks, through the API."""


class DisposeArgs(Args, frozen=True):
    """``callback_at``: Unix time or an ISO time with a zone."""

    call: str
    disposition: int
    notes: str = ""
    callback_at: float | datetime | None = None
    callback_mine: bool = True
    then: str = "ready"


class FieldsArgs(Args, frozen=True):
    """Lead fields to save."""

    fields: dict[str, Any]


def run_command(room: Room, message: schemas.AgentCommand, now: float) -> None:
    """Check the arguments, run the verb, and answer, whatever happens."""
    try:
        if message.name == "join":
            join(room, message, msgspec.convert(message.args, JoinArgs), now)
            return
        known = COMMANDS.get(message.name)
        if known is None:
            raise Rejected("bad_command", f"There is no command “{message.name}”.")
        kind, verb = known
        args = msgspec.convert(message.args, kind)
        seat = room.seats.get(message.agent)
        if seat is None or seat.session != message.session:
            raise Rejected("no_campaign", "You are not in this campaign. Choose a campaign first.")
        verb(room, seat, args, message.reply_to, now)
    except Rejected as error:
        room.refuse(message.reply_to, error.code, str(error))
    except IllegalTransition as error:
        room.refuse(message.reply_to, "wrong_state", str(error))
    except msgspec.ValidationError as error:
        room.refuse(message.reply_to, "bad_args", f"The command's arguments do not fit: {error}")


def join(room: Room, message: schemas.AgentCommand, args: JoinArgs, now: float) -> None:
    """Take a seat; a second join of the same session only shows everything again."""
    seat = room.seats.get(message.agent)
    if seat is not None and seat.session != message.session:
        leave_room(room, seat, now, "signed in elsewhere")
        seat = None
    if seat is None:
        known = room.siblings.sits.get(message.session)
        if known is not None and known.campaign not in (0, room.config.campaign):
            raise Rejected("wrong_state", "You take calls of another campaign now. Leave it first.")
        if known is not None and known.campaign and not message.reply_to:
            return  # A console came back whose seat is on its way here: it brings its own state.
        seat = new_seat(room, message, args, now)
        room.seats[seat.id] = seat
        room.move(seat, AgentEvent.SIGN_IN, now, "joined")
        room.sits(seat.session, Whereabouts(room.config.campaign, seat.sequence))
    seat.connected, seat.lost_at = True, 0.0
    room.touch(seat)
    show_everything(room, seat)
    room.answer(message.reply_to, {"campaign": room.config.campaign})


def new_seat(room: Room, message: schemas.AgentCommand, args: JoinArgs, now: float) -> Seat:
    """A seat for an agent who comes by hand; their changes of state are counted on from where they were."""
    known = room.siblings.sits.get(message.session)
    return Seat(
        id=message.agent,
        name=args.name or f"Agent {message.agent}",
        session=message.session,
        since=now,
        home=room.config.campaign,
        seated_at=now,
        sequence=known.sequence if known else 0,
    )


def show_everything(room: Room, seat: Seat) -> None:
    """Bring the agent's whole topic up to date."""
    call = room.calls.get(seat.call)
    shown = [rule.view() for rule in room.config.dispositions if rule.key or not rule.is_default]
    room.tell(seat.id, "dispositions", shown)
    room.tell(
        seat.id, "pause_codes", [{"code": code, "name": name} for code, name in room.config.pause_codes]
    )
    room.tell(seat.id, "script", room.config.script)
    if seat.id not in room.previews:
        room.show_lead(seat.id, call.lead if call else None)
        if call is None:
            room.tell(seat.id, "call", None)
        else:
            room.show_call(call)
    room.touch(seat)


def leave(room: Room, seat: Seat, args: Args, reply_to: str, now: float) -> None:
    """Leave the campaign; after the call at hand, if there is one."""
    if seat.state in (*IN_CALL, AgentState.RESERVED, AgentState.WRAPUP):
        raise Rejected("wrong_state", "Finish the call and its wrap-up before leaving the campaign.")
    leave_room(room, seat, now, "left the campaign")
    room.answer(reply_to)


def sign_out(room: Room, seat: Seat, args: Args, reply_to: str, now: float) -> None:
    """Leave for good."""
    leave(room, seat, args, reply_to, now)


def ready(room: Room, seat: Seat, args: Args, reply_to: str, now: float) -> None:
    """Take calls from now on."""
    if seat.media != "up":
        raise Rejected("no_media", "Your audio is not connected. Run the audio check, then try again.")
    seat.requested = seat.requested_reason = ""
    if seat.state != AgentState.READY:
        if seat.state == AgentState.WRAPUP:
            raise Rejected("wrong_state", "Choose a disposition first; you are ready after it.")
        if seat.state != AgentState.PAUSED:
            room.touch(seat)
            room.answer(reply_to, {"queued": True})
            return
        room.move(seat, AgentEvent.GO_READY, now)
    routing.serve_waiting(room, now)
    room.answer(reply_to)


def pause(room: Room, seat: Seat, args: ReasonArgs, reply_to: str, now: float) -> None:
    """Take no calls; a pause asked for in a call begins after its wrap-up."""
    if seat.state in (*IN_CALL, AgentState.RESERVED, AgentState.WRAPUP):
        seat.requested, seat.requested_reason = "paused", args.reason[:60]
        room.touch(seat)
        room.answer(reply_to, {"queued": True})
        return
    withdraw_preview(room, seat)
    room.move(seat, AgentEvent.PAUSE, now, args.reason[:60])
    room.answer(reply_to)


def current(room: Room, seat: Seat) -> LiveCall:
    """The agent's call."""
    call = room.calls.get(seat.call)
    if call is None or not call.live:
        raise Rejected("wrong_state", "There is no call now.")
    return call


def hangup(room: Room, seat: Seat, args: Args, reply_to: str, now: float) -> None:
    """End the call."""
    call = current(room, seat)
    if call.written:
        lines.hang_up(room, call)
    else:
        call.cancelled = True
    room.answer(reply_to)


def mute(room: Room, seat: Seat, args: SwitchArgs, reply_to: str, now: float) -> None:
    """The lead hears silence, or the agent again."""
    seat.muted = args.on
    room.to_media(seat, schemas.Mute(session=seat.session, on=args.on))
    room.touch(seat)
    room.answer(reply_to)


def hold(room: Room, seat: Seat, args: SwitchArgs, reply_to: str, now: float) -> None:
    """Put the lead on hold, or take it back."""
    call = current(room, seat)
    if call.held != args.on:
        room.move(seat, AgentEvent.HOLD if args.on else AgentEvent.UNHOLD, now)
        call.held = args.on
        room.to_media(seat, schemas.Hold(session=seat.session, on=args.on))
        room.touch(call)
        room.note("event", now, call=call.id, kind="hold" if args.on else "unhold", data={})
    room.answer(reply_to)


def dtmf(room: Room, seat: Seat, args: DtmfArgs, reply_to: str, now: float) -> None:
    """Press keys toward the lead."""
    call = current(room, seat)
    if not args.digits or len(args.digits) > 32 or not set(args.digits) <= DTMF:
        raise Rejected("bad_args", "Keypad digits are 0 to 9, * and #, at most 32 at a time.")
    room.to_line(call, schemas.SendDtmf(call=call.id, digits=args.digits))
    room.answer(reply_to)


def shown(room: Room, seat: Seat, args: CallArgs, reply_to: str, now: float) -> None:
    """The lead is on the agent's screen."""
    if seat.call == args.call:
        room.note("shown", now, call=args.call)
    room.answer(reply_to)


def dispose_call(room: Room, seat: Seat, args: DisposeArgs, reply_to: str, now: float) -> None:
    """Say what became of the call; while it still lasts this ends it."""
    call = room.calls.get(args.call)
    if call is None or seat.call != args.call or call.disposed:
        raise Rejected("not_found", "This call has been disposed of already.")
    rule = room.config.disposition(args.disposition)
    if rule is None:
        raise Rejected("bad_args", "This disposition does not belong to the campaign. Reload the page.")
    details = callback_details(args, rule.meaning, now)
    if call.live:
        if not call.connected_at:
            raise Rejected("wrong_state", "The call has not been answered. Hang up first.")
        lines.hang_up(room, call)
        room.to_media(seat, schemas.Part(session=seat.session, call=call.id))
        room.move(seat, AgentEvent.CALL_ENDED, now)
    dispose(room, call, rule, seat, now, details)
    finish_wrapup(room, seat, now, args.then, "")
    if seat.state == AgentState.READY:
        routing.serve_waiting(room, now)
    room.answer(reply_to)


def callback_details(args: DisposeArgs, meaning: str, now: float) -> dict[str, Any]:
    """Notes and callback as the journal keeps them. Raises ``Rejected`` for a time that cannot be."""
    at = args.callback_at.timestamp() if isinstance(args.callback_at, datetime) else args.callback_at
    if meaning == "callback":
        if at is None or at < now - 60:
            raise Rejected("bad_args", "Choose a time in the future for the callback.")
    else:
        at = None
    return {"notes": args.notes[:4000], "callback_at": at, "callback_mine": args.callback_mine}


def extend_wrapup(room: Room, seat: Seat, args: Args, reply_to: str, now: float) -> None:
    """A minute more (WCAG 2.2.1)."""
    if seat.state != AgentState.WRAPUP:
        raise Rejected("wrong_state", "There is no wrap-up to extend.")
    if seat.extensions >= WRAPUP_EXTENSIONS:
        raise Rejected("wrong_state", "Wrap-up has been extended as often as allowed.")
    seat.extensions += 1
    seat.wrapup_until += WRAPUP_EXTENSION_S
    room.touch(seat)
    room.answer(reply_to, {"wrapup_until": seat.wrapup_until})


def dial(room: Room, seat: Seat, args: DialArgs, reply_to: str, now: float) -> None:
    """Dial by hand: the runner finds the lead, then the gate decides."""
    if seat.state not in (AgentState.READY, AgentState.PAUSED):
        raise Rejected("wrong_state", "Finish what you are doing before you dial.")
    if seat.media != "up":
        raise Rejected("no_media", "Your audio is not connected. Run the audio check, then try again.")
    if not (args.number or args.lead or args.callback):
        raise Rejected("bad_args", "Enter a number to call.")
    room.effects.lookups.append((reply_to, seat.id, msgspec.structs.asdict(args)))


def start_own_call(room: Room, seat: Seat, call: LiveCall, reply_to: str, now: float) -> None:
    """Dial for this agent, who waits for the answer."""
    if not reserve_line(room, call, now):
        why = room.board.notice(room.config.trunks, now) or "All lines are in use. Try again in a moment."
        raise Rejected("refused", why)
    room.previews.pop(seat.id, None)
    room.move(seat, AgentEvent.RESERVE, now)
    call.agent, call.reply_to, call.placed_at = seat.id, reply_to, now
    seat.call = call.id
    room.calls[call.id] = call
    room.show_lead(seat.id, call.lead)
    room.touch(call)
    room.effects.place.append(call)


def preview_dial(room: Room, seat: Seat, args: Args, reply_to: str, now: float) -> None:
    """Dial what is offered."""
    offered = room.previews.get(seat.id)
    if offered is None:
        raise Rejected("wrong_state", "No lead is offered now.")
    start_own_call(room, seat, offered[0], reply_to, now)


def preview_skip(room: Room, seat: Seat, args: Args, reply_to: str, now: float) -> None:
    """Pass; the lead comes back later."""
    call = withdraw_preview(room, seat)
    if call is None:
        raise Rejected("wrong_state", "No lead is offered now.")
    if call.kind == DialKind.PREVIEW:
        room.effects.skipped.append(call.lead_id)
    room.move(seat, AgentEvent.RELEASE, now)
    room.answer(reply_to)


def save_lead(room: Room, seat: Seat, args: FieldsArgs, reply_to: str, now: float) -> None:
    """Keep what the agent learned about the lead."""
    call = room.calls.get(seat.call)
    if call is None or call.lead is None:
        raise Rejected("not_found", "There is no lead on screen.")
    room.effects.save_lead.append((reply_to, call.lead_id, seat.id, args.fields))


COMMANDS: dict[str, tuple[type[Args], Verb]] = {
    "leave": (Args, leave),
    "sign_out": (Args, sign_out),
    "ready": (Args, ready),
    "pause": (ReasonArgs, pause),
    "hangup": (Args, hangup),
    "mute": (SwitchArgs, mute),
    "hold": (SwitchArgs, hold),
    "dtmf": (DtmfArgs, dtmf),
    "shown": (CallArgs, shown),
    "dispose": (DisposeArgs, dispose_call),
    "extend_wrapup": (Args, extend_wrapup),
    "dial": (DialArgs, dial),
    "preview_dial": (Args, preview_dial),
    "preview_skip": (Args, preview_skip),
    "save_lead": (FieldsArgs, save_lead),
}
"""Command → its arguments and its verb; ``join`` alone needs no seat."""
