"""The best fixed ratio, chosen when the days are over: what nobody can know in the morning, and the bar to pass."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from statistics import fmean

from .room import Tally

GRID = tuple(tenths / 10 for tenths in range(10, 101))
"""Lines for each ready agent: 1.0 to 10.0."""


def best_ratio(days_at: Callable[[float], Sequence[Tally]], limit: float) -> tuple[float, Sequence[Tally]]:
    """The largest ratio of the grid whose days abandoned no more than ``limit`` in the mean, and those days.

    More lines abandon no fewer, so the grid is halved instead of walked. Where none keeps the limit, the smallest.
    """
    tried: dict[float, Sequence[Tally]] = {}

    def over(ratio: float) -> bool:
        tried[ratio] = days_at(ratio)
        return fmean(day.abandoned_share for day in tried[ratio]) > limit

    best = GRID[max(0, bisect_left(GRID, True, key=over) - 1)]
    return best, tried.get(best) or days_at(best)
