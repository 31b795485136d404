"""How the certificates of a signer stand, for a person: state in words, and bars on one axis of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ..models import Certificate
from .certificates import days_left, is_ending


class State(StrEnum):
    """Where a certificate is in its life."""

    ASKED = "asked"
    WAITING = "waiting"
    SIGNS = "signs"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"
    REPLACED = "replaced"
    RETIRED = "retired"


LABELS = {
    State.ASKED: ("accent", "hourglass", "Asked for"),
    State.WAITING: ("", "clock", "Ready, not in use"),
    State.SIGNS: ("good", "check", "Signs"),
    State.ENDS_SOON: ("warn", "alert", "Signs, ends soon"),
    State.ENDED: ("bad", "cross", "Ended"),
    State.REPLACED: ("", "pause", "Replaced"),
    State.RETIRED: ("", "lock", "Retired"),
}
"""Tone, icon and word of the badge."""
SHORTEST = timedelta(days=1)
"""An axis has some length even where no certificate has."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A span on an axis of 0 to 100."""

    start: float
    width: float
    now: float


@dataclass(frozen=True, slots=True)
class Row:
    """A certificate as the page shows it."""

    certificate: Certificate
    state: State
    tone: str
    icon: str
    label: str
    days_left: int | None
    bar: Bar | None


def state_of(certificate: Certificate, now: datetime) -> State:
    """Where it is in its life."""
    if certificate.retired_at:
        return State.RETIRED
    if certificate.not_after is None:
        return State.ASKED
    if now >= certificate.not_after:
        return State.ENDED
    if certificate.in_use:
        return State.ENDS_SOON if is_ending(certificate.not_after, now) else State.SIGNS
    return State.REPLACED if certificate.replaced_at else State.WAITING


def rows(certificates: Iterable[Certificate], now: datetime) -> list[Row]:
    """All certificates of a signer, their bars on one axis that holds every span and this moment."""
    found = list(certificates)
    moments = [now]
    for each in found:
        moments += [moment for moment in (each.not_before, each.not_after) if moment]
    first, last = min(moments), max(max(moments), min(moments) + SHORTEST)
    return [_row(each, first, last, now) for each in found]


def _row(certificate: Certificate, first: datetime, last: datetime, now: datetime) -> Row:
    state = state_of(certificate, now)
    if certificate.not_before is None or certificate.not_after is None:
        return Row(certificate, state, *LABELS[state], None, None)
    start, end = (_place(at, first, last) for at in (certificate.not_before, certificate.not_after))
    bar = Bar(start, round(end - start, 2), _place(now, first, last))
    return Row(certificate, state, *LABELS[state], days_left(certificate.not_after, now), bar)


def _place(at: datetime, first: datetime, last: datetime) -> float:
    return round(100 * (at - first) / (last - first), 2)
