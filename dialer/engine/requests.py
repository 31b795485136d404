"""What agents ask for that needs the database: numbers dialed by hand, lead fields."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import phonenumbers
from django.db import Error as DatabaseError

from agents.states import IllegalTransition
from campaigns.due import DueLead
from campaigns.models import Callback, Lead
from campaigns.selectors import lead_by_number, lead_for_screen
from campaigns.services.save_lead_fields import BadField, save_lead_fields
from compliance.choices import DialKind
from dialer.calls.selectors import lead_histories

from . import database
from .hopper import as_due
from .room import commands
from .room.config import RoomConfig

if TYPE_CHECKING:
    from .runner import Runner

MOVED = "You take calls of another campaign now. Dial again from there."
DATABASE_AWAY = "The database does not answer. Try again in a moment."


class NotFound(Exception):
    """What was asked for is not there; the message says what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """Whom to dial."""

    number: str
    kind: DialKind
    due: dict[str, Any] | None = None
    callback: int = 0


async def look_up_and_dial(runner: Runner, reply_to: str, agent: int, args: dict[str, Any]) -> None:
    """Find whom the agent means, then let the room dial."""
    room = runner.room
    try:
        target = await database.read(find_target, room.config, agent, args)
    except NotFound as error:
        message = str(error)
        runner.post(lambda: room.refuse(reply_to, "not_found", message))
        return
    except DatabaseError:
        runner.post(lambda: room.refuse(reply_to, "refused", DATABASE_AWAY))
        return
    runner.post(lambda: _dial(runner, reply_to, agent, target))


def _dial(runner: Runner, reply_to: str, agent: int, target: Target) -> None:
    room = runner.room
    seat = room.seats.get(agent)
    if seat is None:
        room.refuse(reply_to, "wrong_state", MOVED)
        return
    due = target.due or {"screen": None, "request": {}}
    call = room.new_call(target.number, target.kind, due["screen"], due["request"])
    call.callback = target.callback
    try:
        commands.start_own_call(room, seat, call, reply_to, runner.clock.now())
    except commands.Rejected as error:
        room.refuse(reply_to, error.code, str(error))
    except IllegalTransition as error:
        room.refuse(reply_to, "wrong_state", str(error))


def find_target(config: RoomConfig, agent: int, args: dict[str, Any]) -> Target:
    """The callback, lead or number of the agent's own campaign. Raises ``NotFound``."""
    if args["callback"]:
        return _callback(config, agent, args["callback"])
    kind = DialKind.API if args["by_system"] else DialKind.MANUAL
    if args["lead"]:
        own = Lead.objects.filter(pk=args["lead"], lead_list__campaign=config.campaign).exists()
        lead = lead_for_screen(args["lead"]) if own else None
        if lead is None or lead.phone is None:
            raise NotFound("This lead is not in your campaign, or has no number that can be dialed.")
        return Target(lead.phone.number, kind, _due(lead))
    number = _e164(args["number"])
    lead = lead_by_number(config.organisation, config.campaign, number)
    return Target(number, kind, _due(lead) if lead else None)


def _callback(config: RoomConfig, agent: int, callback_id: int) -> Target:
    row = Callback.objects.filter(pk=callback_id, campaign=config.campaign, agent=agent, done_at=None).first()
    lead = lead_for_screen(row.lead_id) if row else None
    if lead is None or lead.phone is None:
        raise NotFound("This callback is no longer open.")
    return Target(lead.phone.number, DialKind.CALLBACK, _due(lead), callback_id)


def _due(lead: DueLead) -> dict[str, Any]:
    return as_due(lead, lead_histories([lead.lead_id]).get(lead.lead_id, []))


def _e164(typed: str) -> str:
    try:
        parsed = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        raise NotFound(
            "This is no phone number. Enter it with area code, or with + and country code."
        ) from None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


async def save_fields(runner: Runner, reply_to: str, lead: int, agent: int, fields: dict[str, Any]) -> None:
    """Save, then show what was saved."""
    room = runner.room
    try:
        saved = await database.write(save_lead_fields, lead, room.config.campaign, fields)
    except BadField as error:
        message = str(error)
        runner.post(lambda: room.refuse(reply_to, "bad_args", message))
        return
    except DatabaseError:
        runner.post(lambda: room.refuse(reply_to, "refused", DATABASE_AWAY))
        return
    runner.post(lambda: _show_saved(runner, reply_to, lead, agent, saved))


def _show_saved(runner: Runner, reply_to: str, lead: int, agent: int, saved: dict[str, Any]) -> None:
    room = runner.room
    seat = room.seats.get(agent)
    call = room.calls.get(seat.call) if seat else None
    if call is not None and call.lead_id == lead and call.lead is not None:
        call.lead = {**call.lead, **saved}
        room.touch(call)
        room.show_lead(agent, call.lead)
    room.answer(reply_to, {"saved": sorted(saved)})
