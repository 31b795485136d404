"""Which caps and lock-outs hold for a request: those of every place where the called party may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phonenumbers import NumberParseException

from ..choices import Purpose
from ..numbers import is_e164
from ..values import DialRequest
from .caps import Cap, caps_for
from .lockouts import LockOut, lockouts_for
from .overrides import NONE, Overrides
from .places import UnknownPlace, states_of

NOWHERE: frozenset[str] = frozenset()
Applied = tuple[tuple[Cap, ...], tuple[LockOut, ...]]


@lru_cache(maxsize=512)
def zone_or_utc(name: str) -> ZoneInfo:
    """The organisation's zone; UTC for a name that is none, since the rule of campaign hours refuses that dial."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class Law:
    """The caps and lock-outs of one batch, at one moment."""

    def __init__(self, now: datetime, overrides: Mapping[int, Overrides]) -> None:
        self._day = now.astimezone(UTC).date()
        self._overrides = overrides
        self._found: dict[tuple[int, str, str, str, str], Applied] = {}

    def of(self, request: DialRequest) -> Applied:
        """Those in force on the day in UTC, which begins hours before the same day in America.

        None where the place is not known: then another rule refuses the dial.
        """
        key = (request.organisation, request.number, request.postal_code, request.state, request.purpose)
        found = self._found.get(key)
        if found is None:
            overrides = self._overrides.get(request.organisation, NONE)
            found = self._found[key] = _of(_states(request), request.purpose, self._day, overrides)
        return found


def _states(request: DialRequest) -> frozenset[str]:
    if not is_e164(request.number):
        return NOWHERE
    try:
        return states_of(request.number, request.postal_code, request.state)
    except (UnknownPlace, NumberParseException):
        return NOWHERE


@lru_cache(maxsize=4096)
def _of(states: frozenset[str], purpose: Purpose, day: date, overrides: Overrides) -> Applied:
    return caps_for(states, purpose, day, overrides), lockouts_for(states, purpose, day, overrides)
