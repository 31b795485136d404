"""Whether a scenario makes sense, said in a sentence for a person."""

from __future__ import annotations

import math
from collections.abc import Iterator

from campaigns.choices import Method
from dialer.pacing import METHODS

from .values import Crew, FarEnd, Scenario, Spell

AGENTS_MOST = 500
HOURS_MOST = 12.0
"""As long as a day's calling hours can be (47 CFR 64.1200(c)(1): 8 a.m. to 9 p.m.), less an hour."""
RING_LEAST_S, RING_MOST_S = 15.0, 120.0
"""What line nodes take (16 CFR 310.4(b)(4)(ii))."""
MEAN_LEAST_S, MEAN_MOST_S, CV_MOST = 0.1, 7200.0, 5.0
"""Of a kind of length."""
AUTOMATIC = (Method.PREDICTIVE, Method.PROGRESSIVE, Method.RATIO)


def check(scenario: Scenario) -> None:
    """Raises ``ValueError`` with the first thing that makes no sense, and what to do."""
    for fault in _faults(scenario):
        raise ValueError(fault)


def _faults(scenario: Scenario) -> Iterator[str]:
    if scenario.method not in METHODS or scenario.method not in AUTOMATIC:
        yield f"A shift is simulated with one of {', '.join(AUTOMATIC)}, not with {scenario.method!r}."
    yield from _outside("Hours", scenario.hours, 0.01, HOURS_MOST)
    yield from _outside("The ring limit in seconds", scenario.ring_limit_s, RING_LEAST_S, RING_MOST_S)
    yield from _outside("The wait for an agent in seconds", scenario.answer_wait_s, 0.1, 60.0)
    yield from _outside("The wrap-up limit in seconds", scenario.wrapup_limit_s, 1.0, 3600.0)
    yield from _outside("The abandonment limit", scenario.abandon_limit, 0.0, 0.99)
    if scenario.abandon_target is not None:
        yield from _outside("The abandonment target", scenario.abandon_target, 0.0, scenario.abandon_limit)
    yield from _outside("The line limit", scenario.line_limit, 1, 100_000)
    yield from _outside("Calls a second", scenario.calls_per_s, 1.0, 100_000.0)
    yield from _outside("The dial ratio", scenario.dial_ratio, 1.0, 10.0)
    if scenario.leads is not None and scenario.leads < 1:
        yield f"The list needs at least one lead, not {scenario.leads}."
    yield from _faults_of_crew(scenario.crew)
    yield from _faults_of_far_end(scenario.far_end)


def _faults_of_crew(crew: Crew) -> Iterator[str]:
    yield from _outside("The number of agents", crew.agents, 1, AGENTS_MOST)
    yield from _faults_of_spells("Talk", crew.talks)
    yield from _faults_of_spells("Wrap-up", crew.wrapups)
    for at_s, agents in crew.staffing:
        yield from _outside("The number of agents", agents, 0, AGENTS_MOST)
        yield from _outside("The second at which staffing changes", at_s, 0.0, HOURS_MOST * 3600.0)


def _faults_of_far_end(far: FarEnd) -> Iterator[str]:
    if not far.answer_share:
        yield "Give the share of dials that people answer, for each hour of the shift or one for all."
    for share in far.answer_share:
        yield from _outside("The share that people answer", share, 0.0, 1.0)
        if share + far.machine_share + far.busy_share > 1.0 + 1e-9:
            yield "People, machines and busy lines together are more than all dials: lower one of the shares."
    yield from _outside("The share of machines", far.machine_share, 0.0, 1.0)
    yield from _outside("The share of busy lines", far.busy_share, 0.0, 1.0)
    yield from _outside("The time until it rings, in seconds,", far.setup_s, 0.0, 15.0)
    yield from _faults_of_spells("Ringing", far.rings)
    yield from _faults_of_spells("A machine's ringing", far.machine_rings)


def _faults_of_spells(what: str, spells: tuple[Spell, ...]) -> Iterator[str]:
    if not spells or not sum(spell.weight for spell in spells) > 0.0:
        yield f"{what} needs at least one kind of length with a weight above 0."
    for spell in spells:
        yield from _outside(f"{what}: the mean in seconds", spell.mean_s, MEAN_LEAST_S, MEAN_MOST_S)
        yield from _outside(f"{what}: the coefficient of variation", spell.cv, 0.0, CV_MOST)
        yield from _outside(f"{what}: the weight", spell.weight, 0.0, 1e6)


def _outside(what: str, value: float, least: float, most: float) -> Iterator[str]:
    if not (math.isfinite(value) and least <= value <= most):
        yield f"{what} must lie between {least:g} and {most:g}, not {value:g}."
