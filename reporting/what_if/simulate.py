"""Simulates every shift of a plan, one after the other."""

from __future__ import annotations

from collections.abc import Callable

from dialer.engine.virtual.shift import run_shift

from .outcome import Outcome, outcome_of
from .values import BadPlan, Plan

Tick = Callable[[float], None]
"""Told the part of the work that is done, 0 to 1."""


def simulate(plan: Plan, tick: Tick) -> tuple[Outcome, ...]:
    """What came of each side, in the plan's order. All sides see the same days: the same seeds.

    Raises ``BadPlan`` with words for a person where the engine refuses a scenario.
    """
    outcomes: list[Outcome] = []
    done = 0
    for variant in plan.variants:
        results = []
        for seed in plan.seeds:
            try:
                results.append(run_shift(variant, seed, _part(tick, done, plan.shifts)))
            except ValueError as error:
                raise BadPlan(str(error)) from error
            done += 1
            tick(done / plan.shifts)
        outcomes.append(outcome_of(variant.name, results))
    return tuple(outcomes)


def _part(tick: Tick, done: int, shifts: int) -> Tick:
    """The progress of one shift as that of the whole."""
    return lambda part: tick((done + part) / shifts)
