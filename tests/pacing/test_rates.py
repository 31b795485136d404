"""How often people answer, followed as it moves."""

from __future__ import annotations

import math
import random

import pytest

from dialer.pacing.rates import AnswerRate, Window

pytestmark = pytest.mark.unit


def feed(rate, factor, expected, seed=1):
    dice = random.Random(seed)
    for _ in range(int(expected / 0.05)):
        rate.expect(0.05)
        if dice.random() < 0.05 * factor:
            rate.answered()


def test_the_rate_is_one_until_something_else_is_seen():
    rate = AnswerRate()
    assert rate.factor() == 1.0
    feed(rate, 0.6, 400)
    assert rate.factor() == pytest.approx(0.6, rel=0.15)


def test_a_step_is_followed_within_some_dozens_of_answers():
    rate = AnswerRate()
    feed(rate, 1.0, 600)
    feed(rate, 2.5, 30, seed=3)
    assert rate.factor() > 1.6
    feed(rate, 2.5, 30, seed=4)
    assert rate.factor() > 2.0
    feed(rate, 0.6, 60, seed=5)
    assert rate.factor() < 1.0


def test_a_rate_that_swings_is_followed_closer_than_by_one_long_window():
    rate, long, missed, missed_long = AnswerRate(), Window(500.0), 0.0, 0.0
    dice = random.Random(6)
    for step in range(20_000):
        factor = math.exp(0.5 * math.sin(step / 1500))
        rate.expect(0.05)
        long.expect(0.05, 1.0)
        if dice.random() < 0.05 * factor:
            rate.answered()
            long.answer()
        missed += abs(math.log(rate.factor() / factor))
        missed_long += abs(math.log(long.rate() / factor))
    assert missed < 0.7 * missed_long


def test_a_shape_that_expects_more_leaves_the_product_as_it_was():
    rate = AnswerRate()
    feed(rate, 1.0, 600)
    before = rate.factor()
    rate.rescale(2.0)
    assert rate.factor() * 2.0 == pytest.approx(before, rel=0.08)


def test_a_saved_rate_is_restored():
    rate, other = AnswerRate(), AnswerRate()
    feed(rate, 1.7, 100)
    other.restore(rate.state())
    assert other.factor() == rate.factor()
