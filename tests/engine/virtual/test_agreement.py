"""The whole engine in virtual time and the plain simulator of the benchmark say the same of the same room."""

from __future__ import annotations

from statistics import mean

import pytest

from bench.pacing.room import Plan, Room
from dialer.engine.virtual.shift import run_shift
from dialer.engine.virtual.values import Crew, Scenario, Spell
from dialer.pacing import make_pacer

pytestmark = pytest.mark.unit

SEEDS = (1, 2, 3)
HOURS = 1.5
TALK_S, TALK_CV, WRAPUP_S, WRAPUP_CV = 40.0, 0.6, 10.0, 0.5
"""Short talks: in an hour and a half so many calls that chance moves the occupancy by less than what is tested."""
CLOSE = 0.015


def plain(method: str, agents: int) -> tuple[float, float]:
    """Occupancy and abandoned share."""
    plan = Plan(
        agents=agents,
        hours=HOURS,
        talks=((1.0, TALK_S, TALK_CV),),
        wrapup=(WRAPUP_S, WRAPUP_CV),
        line_limit=1000,
    )
    days = [Room(plan, make_pacer(method), seed).run() for seed in SEEDS]
    return mean(day.occupancy for day in days), mean(day.abandoned_share for day in days)


def virtual(method: str, agents: int) -> tuple[float, float]:
    """Occupancy and abandoned share."""
    crew = Crew(agents=agents, talks=(Spell(TALK_S, TALK_CV),), wrapups=(Spell(WRAPUP_S, WRAPUP_CV),))
    shifts = [run_shift(Scenario(crew=crew, hours=HOURS, method=method), seed) for seed in SEEDS]
    return mean(shift.occupancy for shift in shifts), mean(shift.abandoned_share for shift in shifts)


@pytest.mark.parametrize("method", ["progressive", "predictive"])
def test_the_engine_keeps_agents_as_busy_as_the_plain_simulator_says(method):
    expected, abandoned = plain(method, 8)
    found, lost = virtual(method, 8)
    assert found == pytest.approx(expected, abs=CLOSE)
    assert lost == pytest.approx(abandoned, abs=CLOSE)
