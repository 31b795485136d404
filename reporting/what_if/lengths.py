"""How long it rang, people talked and agents wrote, call by call, from the newest records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from agents.choices import AgentState
from agents.models import AgentStateChange
from campaigns.choices import Outcome
from campaigns.models import Campaign
from dialer.calls.models import Call

SAMPLE = 5_000
"""The newest so many: a mean is then known to some 2 %, and reading them takes a moment only."""
LONGEST_S = 3 * 3600.0
"""Longer talks and wrap-ups are records that something went wrong with."""


@dataclass(slots=True)
class Lengths:
    """Seconds."""

    setup: list[float] = field(default_factory=list)
    """From the dial to the first ring."""
    rings: list[float] = field(default_factory=list)
    machine_rings: list[float] = field(default_factory=list)
    talks: list[float] = field(default_factory=list)
    """With people."""
    machines: int = 0
    heard_machines: int = 0
    """Those that an agent heard."""

    @property
    def detects_machines(self) -> bool:
        """Whether most machines are told before an agent hears them."""
        return self.heard_machines * 2 < self.machines


def read_lengths(calls: QuerySet[Call]) -> Lengths:
    """Of the newest answered ones of these calls: one query."""
    answered = calls.filter(answered_at__isnull=False, ended_at__isnull=False).order_by("-placed_at")
    steps = ("placed_at", "ringing_at", "answered_at", "connected_at", "ended_at")
    found = Lengths()
    for outcome, *moments in answered.values_list("outcome", *steps)[:SAMPLE]:
        _add(found, outcome == Outcome.MACHINE, *moments)
    return found


def _add(
    found: Lengths,
    is_machine: bool,
    placed: datetime,
    ringing: datetime | None,
    answered: datetime,
    connected: datetime | None,
    ended: datetime,
) -> None:
    found.machines += is_machine
    if ringing is not None and ringing <= answered:
        found.setup.append((ringing - placed).total_seconds())
        rings = found.machine_rings if is_machine else found.rings
        rings.append((answered - ringing).total_seconds())
    if connected is None:
        return
    found.heard_machines += is_machine
    if not is_machine:
        found.talks.append(min((ended - connected).total_seconds(), LONGEST_S))


def read_wrapups(campaign: Campaign, since: datetime) -> list[float]:
    """Seconds of the campaign's newest wrap-ups, from the states of its agents: one query."""
    before = AgentStateChange.objects.filter(session=OuterRef("session"), sequence=OuterRef("sequence") - 1)
    ended = AgentStateChange.objects.filter(campaign=campaign, at__gte=since, from_state=AgentState.WRAPUP)
    spans = ended.annotate(began=Subquery(before.values("at")[:1])).order_by("-id")
    rows = spans.values_list("began", "at")[:SAMPLE]
    return [min((at - began).total_seconds(), LONGEST_S) for began, at in rows if began is not None]
