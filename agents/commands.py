"""The console's commands and the shapes of their arguments (``docs/protocol.md``)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from dialer.live.commands import Arguments, Commands, CommandSpec, NoArguments

Id = Annotated[int, Meta(gt=0, le=2**63 - 1)]
CallId = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Note = Annotated[str, Meta(max_length=4000)]
FieldName = Annotated[str, Meta(min_length=1, max_length=60)]
FieldValue = Annotated[str, Meta(max_length=4000)]
CustomFields = Annotated[dict[FieldName, FieldValue], Meta(max_length=60)]
LATEST_UNIX_TIME_S = 4_102_444_800.0
"""The year 2100: a callback beyond it is a slip of the keyboard."""


class Join(Arguments, frozen=True, kw_only=True):
    """Take calls of this campaign."""

    campaign: Id


class Pause(Arguments, frozen=True, kw_only=True):
    """Take no calls, for a reason that is one of the pause codes."""

    reason: Annotated[str, Meta(max_length=24)] = ""


class Switch(Arguments, frozen=True, kw_only=True):
    """Turn something on or off."""

    on: bool


class Digits(Arguments, frozen=True, kw_only=True):
    """Press keys of the keypad."""

    digits: Annotated[str, Meta(pattern="^[0-9*#A-D]{1,32}$")]


class Dispose(Arguments, frozen=True, kw_only=True):
    """Say what became of the call."""

    call: CallId
    disposition: Id
    notes: Note | UnsetType = UNSET
    callback_at: Annotated[float, Meta(gt=0, lt=LATEST_UNIX_TIME_S)] | UnsetType | None = UNSET
    callback_mine: bool | UnsetType = UNSET
    then: Literal["ready", "pause"] | UnsetType = UNSET


class Dial(Arguments, frozen=True, kw_only=True):
    """Call a number, a lead or a callback: exactly one of them."""

    number: Annotated[str, Meta(pattern=r"^\+?[0-9 ().-]{3,30}$")] | UnsetType = UNSET
    lead: Id | UnsetType = UNSET
    callback: Id | UnsetType = UNSET

    def __post_init__(self) -> None:
        given = [value for value in (self.number, self.lead, self.callback) if value is not UNSET]
        if len(given) != 1:
            raise ValueError("Give one of number, lead and callback.")


class Shown(Arguments, frozen=True, kw_only=True):
    """The lead of this call is on screen."""

    call: CallId


class SaveLead(Arguments, frozen=True, kw_only=True):
    """Fields of the lead that the agent changed; ``custom`` is merged into the lead's own."""

    fields: Annotated[dict[FieldName, FieldValue | CustomFields], Meta(min_length=1, max_length=60)]


class MediaOffer(Arguments, frozen=True, kw_only=True):
    """The browser's WebRTC offer."""

    sdp: Annotated[str, Meta(min_length=10, max_length=60_000)]


ROOM_COMMANDS: Commands = {
    "ready": CommandSpec(NoArguments),
    "pause": CommandSpec(Pause),
    "hangup": CommandSpec(NoArguments),
    "mute": CommandSpec(Switch),
    "hold": CommandSpec(Switch),
    "dtmf": CommandSpec(Digits),
    "dispose": CommandSpec(Dispose),
    "extend_wrapup": CommandSpec(NoArguments),
    "dial": CommandSpec(Dial),
    "preview_dial": CommandSpec(NoArguments),
    "preview_skip": CommandSpec(NoArguments),
    "shown": CommandSpec(Shown),
    "save_lead": CommandSpec(SaveLead),
}
"""Handed as they are to the room of the agent's campaign."""

OWN_COMMANDS: Commands = {
    "campaigns": CommandSpec(NoArguments),
    "join": CommandSpec(Join),
    "leave": CommandSpec(NoArguments),
    "sign_out": CommandSpec(NoArguments),
    "take_over": CommandSpec(NoArguments),
    "media_offer": CommandSpec(MediaOffer),
    "echo": CommandSpec(Switch),
}
"""Carried out by the web process, some with the room's or a media node's help."""
