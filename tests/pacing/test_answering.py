"""What becomes of a line, by its age."""

from __future__ import annotations

import random

import pytest

from dialer.pacing.answering import BIN_S, Answering, bin_of
from dialer.pacing.forecast import QUANTILES, LineForecast

pytestmark = pytest.mark.unit


def learned(share=0.2, lines=2000, seed=1):
    dice = random.Random(seed)
    answering = Answering()
    for _ in range(lines):
        if dice.random() < share:
            answering.ended("answered", dice.uniform(5, 15))
        elif dice.random() < 0.3:
            answering.ended("machine", dice.uniform(18, 22))
        else:
            answering.ended("failed", 25.0)
    answering.refresh(())
    return answering


def test_the_share_of_people_is_learned():
    assert learned(0.2).incidence(1.0).answered[-1] == pytest.approx(0.2, abs=0.03)


def test_before_anything_is_known_people_are_expected_to_answer_often():
    assert Answering().incidence(1.0).answered[-1] > 0.4


def test_lines_still_ringing_hold_the_share_down_before_they_end():
    answering = Answering()
    for _ in range(5):
        answering.ended("answered", 8.0)
    answering.refresh([9.0] * 95)
    crowd = answering.incidence(1.0).answered[bin_of(9.0)]
    answering.refresh(())
    assert crowd < 0.12 < answering.incidence(1.0).answered[bin_of(9.0)]


def test_a_line_that_rang_past_the_answers_will_bring_none():
    forecast = LineForecast(learned().incidence(1.0))
    assert forecast.rows[bin_of(6.0)][-1] > 0.1
    assert forecast.rows[bin_of(17.5)][-1] < 0.03


def test_the_answer_moments_are_quantiles_of_the_ring():
    horizons = LineForecast(learned().incidence(1.0)).horizons_s
    for quantile, horizon in zip(QUANTILES, horizons):
        assert horizon == pytest.approx(5 + 10 * quantile, abs=1.0 + BIN_S)


def test_early_pick_ups_are_people_and_late_ones_machines():
    answering = learned()
    assert answering.person_when_picked_up(10.0) > 0.9
    assert answering.person_when_picked_up(20.0) < 0.1


def test_a_rate_scales_the_answers_but_never_past_one():
    answering = learned()
    assert answering.incidence(2.0).answered[-1] == pytest.approx(0.4, abs=0.06)
    assert answering.incidence(1e6).answered[-1] <= 1.0
