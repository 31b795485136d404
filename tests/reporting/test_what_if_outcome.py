"""Simulated days become figures with their spread and a course for plots."""

from __future__ import annotations

import pytest

from dialer.engine.virtual.values import Minute, ShiftResult
from reporting.what_if.outcome import POINTS_MOST, outcome_of
from reporting.what_if.words import table

pytestmark = pytest.mark.unit


def day(minutes, **figures):
    usual = {
        "seed": 1, "occupancy": 0.8, "abandoned_share": 0.0, "worst_hour": 0.0, "placed": 100, "answered": 0,
        "connected": 20, "abandoned": 0, "wait_mean_s": 20.0, "wait_p90_s": 40.0, "lines_mean": 5.0,
        "lines_p95": 9.0, "lines_most": 12, "explained": (), "took_s": 1.0,
    }  # fmt: skip
    return ShiftResult(minutes=tuple(minutes), **(usual | figures))


def minute(number, occupancy=0.5, agents=4, answered=0, abandoned=0, waits=()):
    return Minute(60.0 * number, occupancy, agents, 3.0, answered, abandoned, waits)


def minutes(count, **values):
    return [minute(number, **values) for number in range(1, count + 1)]


def test_days_are_averaged_their_spread_is_kept_and_abandoned_shares_are_of_all_people():
    first = day(minutes(10), occupancy=0.7, answered=100, abandoned=4, abandoned_share=0.04, lines_most=10)
    second = day(minutes(10), occupancy=0.9, answered=300, abandoned=0, lines_most=14)
    found = outcome_of("Now", [first, second])
    occupancy, abandoned = found.figures["occupancy"], found.figures["abandoned_share"]
    assert (occupancy.mean, occupancy.low, occupancy.high) == (pytest.approx(0.8), 0.7, 0.9)
    assert (abandoned.mean, abandoned.low, abandoned.high) == (0.01, 0.0, 0.04)
    assert found.figures["lines_most"].high == 14


@pytest.mark.parametrize(("length_min", "step_s"), [(20, 60), (60, 300), (240, 600), (480, 900), (720, 1800)])
def test_a_shift_of_any_length_has_few_points(length_min, step_s):
    course = outcome_of("Now", [day(minutes(length_min))]).course
    assert course.step_s == step_s
    assert len(course.occupancy) == length_min * 60 // step_s <= POINTS_MOST


def test_the_course_weighs_agents_and_days_and_leaves_gaps():
    half = [minute(1, occupancy=1.0, agents=1, waits=(10.0, 20.0)), minute(2)]
    other = [minute(1, occupancy=0.0, agents=3, waits=(30.0,)), minute(2)]
    course = outcome_of("Now", [day(half), day(other)]).course
    assert course.occupancy == (0.25, 0.5)
    assert course.wait_s == (20.0, None)


def test_the_abandoned_share_is_told_so_far_and_only_once_enough_people_answered():
    steps = [minute(1, answered=10, abandoned=5), minute(2, answered=10), minute(3, answered=80, abandoned=0)]
    assert outcome_of("Now", [day(steps)]).course.abandoned == (None, 0.25, 0.05)


def test_sides_are_compared_with_the_first_and_better_is_good():
    now = outcome_of("Now", [day(minutes(5), occupancy=0.7)])
    then = outcome_of("15 agents", [day(minutes(5), occupancy=0.83, wait_mean_s=9.0, placed=100)])
    rows = {row.figure: cells for row, cells in table([now, then])}
    occupancy, wait, dials = (rows[name][1] for name in ("occupancy", "wait_mean_s", "placed"))
    assert (occupancy.words, occupancy.difference, occupancy.tone) == ("83.0 %", "+13.0 points", "good")
    assert (wait.difference, wait.tone) == ("-11.0 s", "good")
    assert (dials.difference, dials.tone) == ("the same", "")
    assert "worst_hour" not in rows, "no hour had enough answers to tell"
