"""A question becomes scenarios, or a sentence that says what to give."""

from __future__ import annotations

import msgspec
import pytest

from compliance.law.abandonment import CEILING
from reporting.what_if.history import no_history
from reporting.what_if.plan import make_plan, settings_of, side_name
from reporting.what_if.values import LAWFUL_SHARE, BadPlan, Frame, Plan, Settings

pytestmark = pytest.mark.unit
NOW = Settings("Now", 8, "predictive", 0.03, 1.5, 100)


def plan_of(*sides, seeds=(1,), **frame):
    return make_plan(sides or [NOW], Frame(**frame), no_history(), seeds)


def test_settings_and_shift_reach_the_scenario_and_json_brings_them_back():
    side = Settings("15 agents", 15, "ratio", 0.02, 2.5, 40)
    plan = plan_of(NOW, side, seeds=(1, 2), starts_hour=11, hours=2.0, calls_per_s=4.0, ring_limit_s=20.0)
    scenario = plan.variants[1]
    assert (scenario.crew.agents, scenario.method, scenario.dial_ratio) == (15, "ratio", 2.5)
    assert (scenario.abandon_limit, scenario.line_limit, scenario.calls_per_s) == (0.02, 40, 4.0)
    assert (scenario.hours, scenario.ring_limit_s, plan.starts_hour, plan.shifts) == (2.0, 20.0, 11, 4)
    assert settings_of(scenario) == side
    assert msgspec.convert(msgspec.to_builtins(plan), Plan) == plan


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agents": 0}, "1 to 200 agents"),
        ({"agents": 201}, "1 to 200 agents"),
        ({"method": "preview"}, "Use one of: predictive, progressive, ratio"),
        ({"target": 0.031}, "0 to 3 %"),
        ({"target": -0.01}, "0 to 3 %"),
        ({"dial_ratio": 0.5}, "1 to 10 lines"),
        ({"line_limit": 0}, "1 to 5,000 lines"),
    ],
)
def test_a_side_that_makes_no_sense_is_refused_with_what_to_give(changes, words):
    with pytest.raises(BadPlan, match=words):
        plan_of(NOW, msgspec.structs.replace(NOW, **changes))


@pytest.mark.parametrize(
    ("frame", "seeds", "words"),
    [
        ({"hours": 0.1}, (1,), "0.25 to 12 hours"),
        ({"hours": 13.0}, (1,), "0.25 to 12 hours"),
        ({"starts_hour": 24}, (1,), "0 to 23"),
        ({}, (), "1 to 5 days"),
        ({}, range(6), "1 to 5 days"),
    ],
)
def test_a_shift_that_makes_no_sense_is_refused_with_what_to_give(frame, seeds, words):
    with pytest.raises(BadPlan, match=words):
        plan_of(seeds=seeds, **frame)


def test_not_more_is_allowed_than_the_law_allows_this_campaign():
    with pytest.raises(BadPlan, match="0 to 1 %"):
        plan_of(msgspec.structs.replace(NOW, target=0.02), lawful_share=0.01)
    assert LAWFUL_SHARE == CEILING


def test_at_most_four_sides_are_compared():
    with pytest.raises(BadPlan, match="1 to 4"):
        plan_of(*[NOW] * 5)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "As now"),
        ({"agents": 1}, "1 agent"),
        ({"agents": 15, "target": 0.015}, "15 agents, 1.5 %"),
        ({"method": "progressive", "line_limit": 30}, "progressive, 30 lines"),
        ({"method": "ratio", "dial_ratio": 2.0}, "fixed ratio 2"),
        ({"dial_ratio": 2.0}, "As now"),
    ],
)
def test_a_side_is_called_by_what_is_different(changes, name):
    assert side_name(NOW, msgspec.structs.replace(NOW, **changes)) == name
