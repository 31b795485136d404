"""The floor that the benchmark of the engine simulates, and the figures it makes of what was seen."""

from __future__ import annotations

import math
from statistics import fmean

import pytest

from bench.engine import figures
from bench.engine.far_end import BUSY_SHARE, PERSON_SHARE, plan_of

pytestmark = pytest.mark.unit
PLANS = [plan_of(f"{n:032x}") for n in range(4000)]
GOOD = {"assign_p99_ms": 19.9, "takeover_s": 2.9, "restart_s": 3.0, "violations": 0}


def test_the_same_call_has_the_same_plan_in_both_nodes() -> None:
    assert plan_of("a" * 32) == plan_of("a" * 32) != plan_of("b" * 32)


def test_a_quarter_of_all_dials_is_answered_and_a_tenth_busy() -> None:
    assert fmean(plan.answers for plan in PLANS) == pytest.approx(PERSON_SHARE, abs=0.03)
    assert fmean(plan.busy for plan in PLANS) == pytest.approx(BUSY_SHARE, abs=0.03)
    assert not any(plan.answers and plan.busy for plan in PLANS)


def test_talks_take_two_minutes_on_average_and_agents_end_half_of_them() -> None:
    assert fmean(plan.talk_s for plan in PLANS) == pytest.approx(121.0, rel=0.1)
    assert fmean(plan.agent_ends for plan in PLANS) == pytest.approx(0.5, abs=0.05)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert figures.percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert figures.percentile(list(range(1, 101)), 0.99) == 99
    assert math.isnan(figures.percentile([], 0.5))


def test_only_answers_of_the_window_that_found_an_agent_ready_are_assignments() -> None:
    answers = {"early": (9.0, 1.0), "in": (10.0, 2.0), "waited": (11.0, 900.0), "late": (20.0, 4.0)}
    assert figures.assignments(answers, {"early", "in", "late"}, 10.0, 20.0) == [2.0]


def test_what_must_never_be_is_added_up_over_the_nodes() -> None:
    line = {"counts": {"dialed": 9, "number_twice_live": 2}}
    crew = {"counts": {"joined": 5, "agent_joined_twice": 1}}
    assert figures.violations(line, crew) == {
        "number_twice_live": 2,
        "call_dialed_twice": 0,
        "agent_joined_twice": 1,
    }


@pytest.mark.parametrize("worse", [{"assign_p99_ms": 20.1}, {"takeover_s": None}, {"violations": 1}])
def test_one_limit_that_does_not_hold_fails_the_run(worse: dict[str, float | None]) -> None:
    assert figures.passed(GOOD)
    assert not figures.passed(GOOD | worse)
