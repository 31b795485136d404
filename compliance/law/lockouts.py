"""How long a person is left alone after a call that was abandoned, or after a conversation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from ..choices import DialKind, Purpose
from .caps import Counted
from .loading import Row, load
from .overrides import Overrides

FILE = "lockouts.yaml"
LIVE_AGENT = frozenset({DialKind.PREVIEW, DialKind.MANUAL})
"""Dials for which an agent already waits: they cannot be abandoned again."""


class LockOut(Row, frozen=True, kw_only=True):
    """No dial for ``hours`` after a contact, counted ``per`` number, subject or both; 0: no time is set."""

    after: Literal["abandoned", "conversation"]
    hours: Annotated[int, msgspec.Meta(ge=0, le=366 * 24)]
    per: Annotated[tuple[Counted, ...], msgspec.Meta(min_length=1)]
    live_agent_exempt: bool
    """A dial for which an agent already waits may be made all the same."""


def all_lockouts() -> tuple[LockOut, ...]:
    """Every row, also those that hold no longer or not yet."""
    return load(FILE, LockOut).rows


def version() -> str:
    """The day of the last change of the data."""
    return load(FILE, LockOut).version


def lockouts_for(
    states: frozenset[str], purpose: Purpose, day: date, overrides: Overrides
) -> tuple[LockOut, ...]:
    """The lock-outs of every place where the called party may be that set a time, as the organisation changed them."""
    found = (
        overrides.applied(row)
        for row in all_lockouts()
        if row.holds_on(day) and purpose in row.applies_to and any(row.covers(place) for place in states)
    )
    return tuple(row for row in found if row.hours)
