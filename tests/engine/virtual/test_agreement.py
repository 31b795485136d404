"""The whole engine in virtual time and the plain simulator of the benchmark say the same of the same room."""

from __future__ import annotations

from statistics import mean

import pytest

from bench.pacing.room import Plan, Room
from dialer.engine.virtual.shift import run_shift
from dialer.engine.virtual.values import Crew, FarEnd, Scenario, Spell
from dialer.pacing import make_pacer

pytestmark = pytest.mark.unit

SEEDS = range(3)
PLAIN_SEEDS = {"progressive": range(8), "predictive": range(3)}
"""Progressive days take the plain simulator next to no time."""
AGENTS, HOURS = 8, 1.0
TALK_S, TALK_CV, WRAPUP_S, WRAPUP_CV = 20.0, 0.3, 5.0, 0.3
PEOPLE, MACHINES, BUSY = 0.5, 0.2, 0.05
"""Short talks and many answers: so many calls that chance moves the occupancy by less than what is tested."""
RING_LIMIT_S = Scenario().ring_limit_s - FarEnd().setup_s
"""A line node counts from the INVITE, the plain simulator from the first ring."""
CLOSE = 0.015


def plain(method: str) -> tuple[float, float]:
    """Occupancy and abandoned share."""
    plan = Plan(
        agents=AGENTS,
        hours=HOURS,
        people=PEOPLE,
        machines=MACHINES,
        busy=BUSY,
        talks=((1.0, TALK_S, TALK_CV),),
        wrapup=(WRAPUP_S, WRAPUP_CV),
        ring_limit_s=RING_LIMIT_S,
    )
    days = [Room(plan, make_pacer(method), seed).run() for seed in PLAIN_SEEDS[method]]
    return mean(day.occupancy for day in days), mean(day.abandoned_share for day in days)


def virtual(method: str) -> tuple[float, float]:
    """Occupancy and abandoned share."""
    crew = Crew(agents=AGENTS, talks=(Spell(TALK_S, TALK_CV),), wrapups=(Spell(WRAPUP_S, WRAPUP_CV),))
    people = FarEnd(answer_share=(PEOPLE,), machine_share=MACHINES, busy_share=BUSY)
    scenario = Scenario(crew=crew, far_end=people, hours=HOURS, method=method)
    shifts = [run_shift(scenario, seed) for seed in SEEDS]
    return mean(shift.occupancy for shift in shifts), mean(shift.abandoned_share for shift in shifts)


@pytest.mark.parametrize("method", PLAIN_SEEDS)
def test_the_engine_keeps_agents_as_busy_as_the_plain_simulator_says(method):
    expected, abandoned = plain(method)
    found, lost = virtual(method)
    assert found == pytest.approx(expected, abs=CLOSE)
    assert lost == pytest.approx(abandoned, abs=CLOSE)
