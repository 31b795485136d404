"""How agents spent their time, from the record of their states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from agents.choices import AgentState
from agents.models import AgentStateChange
from campaigns.models import Campaign

BUSY = frozenset({AgentState.TALKING, AgentState.HOLD, AgentState.WRAPUP})
Spell = tuple[str, datetime, datetime]
"""A state, from when to when."""


def all_ready_at(campaign: Campaign) -> datetime | None:
    """When the last of the agents was ready for the first time; None where none ever was."""
    first: dict[str, datetime] = {}
    rows = AgentStateChange.objects.filter(campaign=campaign, to_state=AgentState.READY).order_by("at")
    for session, at in rows.values_list("session", "at"):
        first.setdefault(session, at)
    return max(first.values(), default=None)


def occupancy(campaign: Campaign, since: datetime, until: datetime) -> float:
    """The share of signed-in time that was talk or wrap-up, 0 to 1."""
    busy = signed_in = 0.0
    for state, begins, ends in _spells(campaign, until):
        seconds = (min(ends, until) - max(begins, since)).total_seconds()
        if seconds > 0 and state != AgentState.OFFLINE:
            signed_in += seconds
            busy += seconds * (state in BUSY)
    return busy / signed_in if signed_in else 0.0


def _spells(campaign: Campaign, until: datetime) -> Iterator[Spell]:
    rows = AgentStateChange.objects.filter(campaign=campaign).order_by("session", "sequence")
    for _session, changes in groupby(rows.values_list("session", "to_state", "at"), key=lambda row: row[0]):
        yield from _pairs(((state, at) for _session, state, at in changes), until)


def _pairs(changes: Iterable[tuple[str, datetime]], until: datetime) -> Iterator[Spell]:
    state, since = "", until
    for following, at in changes:
        if state:
            yield state, since, at
        state, since = following, at
    if state:
        yield state, since, until
