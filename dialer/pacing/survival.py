"""How long talk and wrap-up last, learned with the spells still running counted as censored.

A hazard by age (Kaplan and Meier's estimate over bins that widen with age), so that the chance that a spell of
this age ends soon needs no assumption about the shape: short refusals and long sales may be mixed.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any


def _edges() -> list[float]:
    """One second each up to ten, then wider by a tenth, up to three hours."""
    edges = [float(second) for second in range(11)]
    while edges[-1] < 10_800:
        edges.append(edges[-1] + max(1.0, edges[-1] * 0.1))
    return edges


EDGES_S = _edges()
BINS = len(EDGES_S) - 1
FORGET_AT = 600
"""Ended spells after which the older half counts half: a day of a small room, an hour of a large one."""
PRIOR_SPELLS = 2.0
SMOOTH = (0.5, 1.0, 0.5)
"""Weights of a bin's neighbours: a single spell says something about the ages beside its own."""
MIN_WEIGHT = 4.0
"""Spells' worth of pull toward the overall rate, where few were seen at an age."""
STEPS = 6
"""Of the integral over the moment at which talk ends and wrap-up begins."""


def bin_of(age: float) -> int:
    """The bin that an age in seconds falls into."""
    if age < 10.0:
        return int(age) if age > 0.0 else 0
    return min(bisect_right(EDGES_S, age) - 1, BINS - 1)


def bins_of(ages: Sequence[float]) -> list[int]:
    """``bin_of`` for many, at a third of its cost."""
    bins = [bisect_right(EDGES_S, age) - 1 for age in ages]
    if bins and (min(bins) < 0 or max(bins) >= BINS):
        return [bin_of(age) for age in ages]
    return bins


class Lifetimes:
    """The lengths of one kind of spell. ``expected_s`` is believed until spells are seen."""

    def __init__(self, expected_s: float) -> None:
        self._expected_s = expected_s
        self._ended = [0.0] * BINS
        self._inside = [0.0] * BINS
        """Seconds that the spells ended in a bin spent in it."""
        self._total = 0.0
        self._cumulative = [0.0] * (BINS + 1)
        self._slopes = [1.0 / expected_s] * BINS
        self.refresh(())

    def ended(self, seconds: float) -> None:
        """A spell of this length is over."""
        place = bin_of(seconds)
        self._ended[place] += 1.0
        self._inside[place] += max(0.0, seconds - EDGES_S[place])
        self._total += 1.0
        if self._total > FORGET_AT:
            self._ended = [value * 0.5 for value in self._ended]
            self._inside = [value * 0.5 for value in self._inside]
            self._total *= 0.5

    def refresh(self, running: Iterable[float]) -> None:
        """Work the hazard out anew. ``running``: the ages of the spells that are not over, seconds."""
        exposure = self._exposure(running)
        overall = (PRIOR_SPELLS + self._total) / (PRIOR_SPELLS * self._expected_s + sum(exposure))
        slopes, cumulative, height = [], [0.0], 0.0
        padded_ended, padded_time = [0.0, *self._ended, 0.0], [0.0, *exposure, 0.0]
        for place in range(BINS):
            ended = sum(w * padded_ended[place + k] for k, w in enumerate(SMOOTH))
            lived = sum(w * padded_time[place + k] for k, w in enumerate(SMOOTH))
            slope = (MIN_WEIGHT * 0.5 + ended) / (MIN_WEIGHT * 0.5 / overall + lived)
            slopes.append(slope)
            height += slope * (EDGES_S[place + 1] - EDGES_S[place])
            cumulative.append(height)
        self._slopes, self._cumulative = slopes, cumulative

    def _exposure(self, running: Iterable[float]) -> list[float]:
        """Seconds that spells lived through each bin, whether or not they have ended."""
        alive, inside = self._ended[:], self._inside[:]
        for age in running:
            place = bin_of(age)
            alive[place] += 1.0
            inside[place] += max(0.0, age - EDGES_S[place])
        outlived = 0.0
        for place in range(BINS - 1, -1, -1):
            inside[place] += outlived * (EDGES_S[place + 1] - EDGES_S[place])
            outlived += alive[place]
        return inside

    def cumulative(self, age: float) -> float:
        """The hazard summed up to an age; the chance to live that long is its negative exponential."""
        place = bin_of(age)
        return self._cumulative[place] + self._slopes[place] * (age - EDGES_S[place])

    def ends_within(self, age: float, seconds: float) -> float:
        """The chance that a spell of this age is over within so many seconds."""
        return 1.0 - math.exp(self.cumulative(age) - self.cumulative(age + seconds))

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {"ended": self._ended, "inside": self._inside, "total": self._total}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self._ended, self._inside = _numbers(state["ended"]), _numbers(state["inside"])
        self._total = float(state["total"])
        self.refresh(())


def _numbers(values: Sequence[float]) -> list[float]:
    if len(values) != BINS:
        raise ValueError("The saved lengths are of another version.")
    return [float(value) for value in values]


def ends_then_ends(then: Lifetimes, seconds: float) -> Callable[[Lifetimes, float], float]:
    """A function of a first kind of spell and an age: the chance that one of that age, and the spell of kind
    ``then`` that follows it, are both over within so many seconds."""
    if seconds <= 0.0:
        return lambda first, age: 0.0
    step = seconds / STEPS
    ends = [
        (index * step, then.ends_within(0.0, seconds - (index - 0.5) * step)) for index in range(1, STEPS + 1)
    ]

    def chance(first: Lifetimes, age: float) -> float:
        start = first.cumulative(age)
        alive, total = 1.0, 0.0
        for later, followed in ends:
            still = math.exp(start - first.cumulative(age + later))
            total += (alive - still) * followed
            alive = still
        return total

    return chance
