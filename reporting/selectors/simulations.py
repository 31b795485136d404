"""Simulations that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from reporting.choices import SimulationStatus
from reporting.looks import Look
from reporting.models import Simulation
from reporting.what_if.outcome import Outcome
from reporting.what_if.page import STATUS_LOOKS, shift_words
from reporting.what_if.values import Plan
from reporting.what_if.words import share_words

LAST = 20
TELLING_PROGRESS = 0.02
"""Before, the time that is left would be a guess."""


@dataclass(frozen=True, slots=True)
class SimulationRow:
    """One line of the table of earlier questions."""

    simulation: Simulation
    look: Look
    shift: str
    sides: list[tuple[str, str]]
    """(name, occupancy and abandoned share in words; empty until it is done)."""


def last_simulations(organisation_id: int) -> list[SimulationRow]:
    """The organisation's last ``LAST``, newest first."""
    found = Simulation.objects.filter(organisation=organisation_id)
    return [_row(each) for each in found.select_related("campaign", "lead_list", "created_by")[:LAST]]


def seconds_left(simulation: Simulation, now: datetime) -> float | None:
    """How long it takes yet, as fast as it went so far; None while nobody can tell."""
    if simulation.status != SimulationStatus.RUNNING or simulation.progress < TELLING_PROGRESS:
        return None
    assert simulation.begun_at is not None
    spent = (now - simulation.begun_at).total_seconds()
    return max(spent * (1 / simulation.progress - 1), 0.0)


def _row(simulation: Simulation) -> SimulationRow:
    plan = msgspec.convert(simulation.scenario, Plan)
    outcomes = msgspec.convert(simulation.results, tuple[Outcome, ...])
    told = [_figures(outcome) for outcome in outcomes] or [""] * len(plan.variants)
    names = [variant.name for variant in plan.variants]
    return SimulationRow(
        simulation, STATUS_LOOKS[simulation.status], shift_words(plan), list(zip(names, told, strict=True))
    )


def _figures(outcome: Outcome) -> str:
    occupancy, abandoned = (outcome.figures[name].mean for name in ("occupancy", "abandoned_share"))
    return f"{share_words(occupancy)} busy, {share_words(abandoned)} abandoned"
