"""The distributions of sums of chances."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.pacing.poisson_binomial import (
    add_chance,
    chance_of_shortage,
    exact,
    matched,
    tail_by_moments,
    tails,
)

pytestmark = pytest.mark.unit

chances = st.lists(st.floats(0.0, 1.0), max_size=8)


def every_outcome(given_chances):
    """By going through all of them."""
    pmf = [0.0] * (len(given_chances) + 1)
    for came_true in product((0, 1), repeat=len(given_chances)):
        pmf[sum(came_true)] += prod(p if c else 1 - p for p, c in zip(given_chances, came_true))
    return pmf


@given(chances)
def test_the_exact_distribution_is_that_of_every_outcome(given_chances):
    found = exact(given_chances)
    for count, expected in enumerate(every_outcome(given_chances)):
        assert (found[count] if count < len(found) else 0.0) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=40)
@given(st.lists(st.floats(0.02, 0.35), min_size=15, max_size=60))
def test_the_matched_binomial_has_the_same_mean_and_nearly_the_same_tail(given_chances):
    near = matched(sum(given_chances), sum(p * p for p in given_chances))
    assert sum(near) == pytest.approx(1.0, abs=5e-3)
    assert sum(n * p for n, p in enumerate(near)) == pytest.approx(sum(given_chances), rel=0.02)
    true_tails, near_tails = tails(exact(given_chances)), tails(near)
    for count in range(min(len(true_tails), len(near_tails))):
        assert near_tails[count] == pytest.approx(true_tails[count], abs=0.02)


def test_nothing_expected_is_nothing():
    assert matched(0.0, 0.0) == [1.0]
    assert exact([0.0, 0.0]) == [1.0]
    assert add_chance([1.0], 0.25) == [0.75, 0.25]


@given(chances, chances, st.integers(-3, 6))
def test_shortage_is_demand_that_reaches_supply(demand, supply, head_start):
    expected = sum(
        p * q
        for asked, p in enumerate(every_outcome(demand))
        for freed, q in enumerate(every_outcome(supply))
        if asked >= freed + head_start
    )
    assert chance_of_shortage(exact(demand), exact(supply), head_start) == pytest.approx(expected, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.1, 0.3), min_size=70, max_size=140))
def test_by_moments_a_small_tail_of_a_large_room_is_nearly_exact(given_chances):
    mean = sum(given_chances)
    variance = mean - sum(p * p for p in given_chances)
    third = sum(p * (1 - p) * (1 - 2 * p) for p in given_chances)
    true_tails = tails(exact(given_chances))
    for count, true in enumerate(true_tails):
        if 0.01 < true < 0.5:
            assert tail_by_moments(mean, variance, third, count) == pytest.approx(true, rel=0.06)
