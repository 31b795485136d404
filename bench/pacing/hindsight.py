"""The best fixed ratio, chosen when the days are over: what nobody can know in the morning, and the bar to pass."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from statistics import fmean

from .room import Tally

GRID = (*(tenths / 10 for tenths in range(10, 26)), 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
"""Lines for each ready agent, as supervisors set them. By tenths throughout, hindsight would gain up to 0.8 points in
larger rooms: 3.3 instead of 3.0 in a room of twenty, 4.4 instead of 4.0 in one of sixty."""


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
