"""Which share of the people who answer may meet nobody, over what time, and where the seconds of waiting begin."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from accounts.models import Organisation

from ..choices import Purpose
from .loading import Row, load
from .overrides import CLOCK_STARTS, NONE, Overrides, in_force
from .spans import Span, parse_span

FILE = "abandonment.yaml"
CEILING = 0.03
"""Paceline's own: no law allows more without a doubt, and every campaign keeps it."""
OWN = "Paceline's own ceiling"
OWN_OVER = Span(30 * 24)
RING_S = 15
"""16 CFR 310.4(b)(4)(ii)."""
ANSWER_WAIT_S = 2.0
"""16 CFR 310.4(b)(4)(iii)."""


class AbandonmentRow(Row, frozen=True, kw_only=True):
    """At most ``limit`` of the people who answered within ``measured_over`` met nobody."""

    limit: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    """A share; None: the law names no safe level."""
    measured_over: str
    """See ``spans.parse_span``."""
    clock_start: Literal["answer", "greeting_start", "greeting_end"]
    answer_wait_s: Annotated[float, msgspec.Meta(ge=0, le=10)]
    ring_s: Annotated[int, msgspec.Meta(ge=0, le=120)]

    def __post_init__(self) -> None:
        parse_span(self.measured_over)


@dataclass(frozen=True, slots=True)
class AbandonmentRule:
    """What a campaign is held to: the strictest of all rows that hold for it."""

    limit: float
    """A share of the people who answered."""
    window: Span
    """Over what the share is measured."""
    clock_start: str
    """Where the wait begins: answer, greeting_start or greeting_end."""
    answer_wait_s: float
    """So long a person may wait for an agent before the call counts as abandoned."""
    ring_s: int
    """An unanswered call rings at least so long."""
    citation: str


def all_rows() -> tuple[AbandonmentRow, ...]:
    """Every row, also those that hold no longer or not yet."""
    return load(FILE, AbandonmentRow).rows


def version() -> str:
    """The day of the last change of the data."""
    return load(FILE, AbandonmentRow).version


def limit_for(
    countries: Collection[str], purpose: Purpose | str, day: date, overrides: Overrides = NONE
) -> AbandonmentRule:
    """The strictest of what holds in these countries (two letters each) for calls of this purpose on ``day``.

    Never looser than ``CEILING``, which alone holds where no law names a share. Where rows measure the same share
    over several lengths of time the shortest holds: who keeps a share in each short time keeps it in a long one.
    """
    rows = [
        overrides.applied(row)
        for row in all_rows()
        if row.holds_on(day) and purpose in row.applies_to and any(row.covers(each) for each in countries)
    ]
    if not rows:
        return AbandonmentRule(CEILING, OWN_OVER, CLOCK_STARTS[-1], ANSWER_WAIT_S, RING_S, OWN)
    tightest = min(rows, key=lambda row: (_share(row), parse_span(row.measured_over).hours or OWN_OVER.hours))
    return AbandonmentRule(
        limit=_share(tightest),
        window=parse_span(tightest.measured_over),
        clock_start=min((row.clock_start for row in rows), key=CLOCK_STARTS.index),
        answer_wait_s=min(row.answer_wait_s for row in rows),
        ring_s=max(row.ring_s for row in rows),
        citation=_cited(rows),
    )


def rule_of(organisation: Organisation, purpose: Purpose | str, now: datetime) -> AbandonmentRule:
    """What a campaign of the organisation is held to at ``now``, in its country and with its own changes."""
    today = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    return limit_for([organisation.country], purpose, today, in_force(organisation.pk, today))


def window_start(rule: AbandonmentRule, now: datetime, time_zone: str) -> datetime:
    """Calls that were answered after this moment are in the account at ``now``, UTC.

    ``time_zone`` is the organisation's: on its clock a calendar month begins.
    """
    return rule.window.since(now, ZoneInfo(time_zone))


def _share(row: AbandonmentRow) -> float:
    return CEILING if row.limit is None else min(row.limit, CEILING)


def _cited(rows: Iterable[AbandonmentRow]) -> str:
    return "; ".join(dict.fromkeys(row.citation for row in rows))
