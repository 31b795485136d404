"""Commands of a live socket: the shape of their arguments, and the checks before they run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from accounts.choices import Capability
from dialer.bus.schemas import Done, Failed


class Arguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every command's arguments: closed to unknown fields."""


class NoArguments(Arguments, frozen=True, kw_only=True):
    """For commands that take none."""


class CommandSpec(NamedTuple):
    """One command: the shape of its arguments, and the capability it asks for besides the socket's own."""

    args: type[Arguments]
    capability: Capability | None = None


Commands = Mapping[str, CommandSpec]


def read_arguments(commands: Commands, name: str, args: dict[str, Any]) -> Arguments | Failed:
    """The checked arguments, or the answer that refuses them."""
    spec = commands.get(name)
    if spec is None:
        return Failed(code="bad_command", message="There is no such command.")
    try:
        return msgspec.convert(args, spec.args)
    except msgspec.ValidationError as error:
        return Failed(code="bad_args", message=str(error))


def result_frame(id_: str, answer: Done | Failed) -> dict[str, Any]:
    """The frame that answers a command."""
    if isinstance(answer, Done):
        return {"op": "result", "id": id_, "ok": True, "data": answer.data}
    return {"op": "result", "id": id_, "ok": False, "error": {"code": answer.code, "message": answer.message}}
