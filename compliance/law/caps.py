"""How many dials the law allows to one person within a length of time."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from ..choices import Purpose
from .loading import Row, load
from .overrides import Overrides
from .spans import Span, parse_span

FILE = "caps.yaml"
Counted = Literal["number", "subject"]


class Cap(Row, frozen=True, kw_only=True):
    """At most ``limit`` dials ``within`` a length of time, counted ``per`` number, subject or both."""

    limit: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    within: str
    """See ``spans.parse_span``."""
    per: Annotated[tuple[Counted, ...], msgspec.Meta(min_length=1)]
    same_topic: bool
    """Only dials about the same subject matter count."""

    def __post_init__(self) -> None:
        parse_span(self.within)

    @property
    def span(self) -> Span:
        """``within``, read."""
        return parse_span(self.within)


def all_caps() -> tuple[Cap, ...]:
    """Every row, also those that hold no longer or not yet."""
    return load(FILE, Cap).rows


def version() -> str:
    """The day of the last change of the data."""
    return load(FILE, Cap).version


def caps_for(states: frozenset[str], purpose: Purpose, day: date, overrides: Overrides) -> tuple[Cap, ...]:
    """The caps of every place where the called party may be, as the organisation has changed them."""
    return tuple(
        overrides.applied(cap)
        for cap in all_caps()
        if cap.holds_on(day) and purpose in cap.applies_to and any(cap.covers(place) for place in states)
    )
