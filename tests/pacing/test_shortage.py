"""The chance that a new line meets no agent, for lines and agents that are counted by their kind."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.pacing.forecast import QUANTILES, Row
from dialer.pacing.shortage import Shortage

pytestmark = pytest.mark.unit
KINDS: list[Row] = [tuple(0.02 + 0.9 * share * moment for moment in QUANTILES) for share in (0.1, 0.4, 0.8)]
CROWDS = st.lists(st.sampled_from(KINDS), max_size=40)
STEPS = 30


def chance(shortage: Shortage) -> float:
    """The limit from which on another line may be placed, to a millionth."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if shortage.exceeds(middle) else (low, middle)
    return high


@given(CROWDS, CROWDS, st.integers(-2, 6))
def test_alike_counted_together_are_as_many_one_by_one(
    lines: list[Row], busy: list[Row], head_start: int
) -> None:
    together = Shortage(list(Counter(lines).items()), list(Counter(busy).items()), head_start)
    apart = Shortage([(row, 1) for row in lines], [(row, 1) for row in busy], head_start)
    assert chance(together) == pytest.approx(chance(apart), abs=1e-6)


def test_each_line_more_makes_it_likelier_that_nobody_is_left() -> None:
    shortage = Shortage([(KINDS[1], 2)], [(KINDS[2], 3)], 1)
    chances = [chance(shortage)]
    for _ in range(6):
        shortage.add(KINDS[1])
        chances.append(chance(shortage))
    assert chances == sorted(chances)
    assert chances[-1] > chances[0] + 0.2
