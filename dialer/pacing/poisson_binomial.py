"""How many of several independent chances come true: exactly for few, by a matched binomial for many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

TINY = 1e-9
NEGLIGIBLE = 1e-8
Pmf = list[float]


def add_chance(pmf: Sequence[float], chance: float) -> Pmf:
    """The distribution with one more independent chance."""
    miss = 1.0 - chance
    result = [value * miss for value in pmf]
    result.append(0.0)
    for count, value in enumerate(pmf, 1):
        result[count] += value * chance
    return result


def exact(chances: Iterable[float]) -> Pmf:
    """The Poisson-binomial distribution itself, less an upper tail that does not matter."""
    pmf = [1.0]
    for chance in chances:
        if chance > TINY:
            pmf = add_chance(pmf, chance)
            if pmf[-1] < NEGLIGIBLE:
                pmf.pop()
    return pmf


def matched(mean: float, sum_of_squares: float) -> Pmf:
    """The binomial, with a real number of trials, of the same mean and variance.

    ``sum_of_squares`` is that of the chances: the variance is the mean less it. Ends where less than a
    hundred-thousandth is left.
    """
    if mean <= TINY:
        return [1.0]
    chance = min(sum_of_squares / mean, 1.0 - TINY)
    trials = mean / max(chance, TINY)
    odds = chance / (1.0 - chance)
    value = (1.0 - chance) ** trials
    pmf, total, count = [value], value, 0
    while total < 0.99999 and count < trials:
        value *= (trials - count) / (count + 1) * odds
        count += 1
        pmf.append(value)
        total += value
    return pmf


def tails(pmf: Sequence[float]) -> list[float]:
    """Index n: the chance of n or more. One longer than ``pmf``, and ends with 0."""
    result = [0.0] * (len(pmf) + 1)
    for count in range(len(pmf) - 1, -1, -1):
        result[count] = result[count + 1] + pmf[count]
    return result


def chance_of_shortage(demand: Sequence[float], supply: Sequence[float], head_start: int) -> float:
    """The chance that demand is at least supply plus ``head_start`` (which may be negative); both are pmfs."""
    at_least = tails(demand)
    last = len(demand)
    total = 0.0
    for freed, weight in enumerate(supply):
        needed = freed + head_start
        if needed > last:
            break
        total += weight * (at_least[needed] if needed > 0 else 1.0)
    return total


def tail_by_moments(mean: float, variance: float, third_moment: float, count: int) -> float:
    """The chance of ``count`` or more by a normal, corrected for skew (Edgeworth's first term) and for counting.

    For sums whose variance is some dozens; ``third_moment`` is about the mean.
    """
    deviation = math.sqrt(variance)
    distance = (count - 0.5 - mean) / deviation
    density = math.exp(-0.5 * distance * distance) / math.sqrt(2.0 * math.pi)
    skewed = third_moment / (6.0 * deviation**3) * (distance * distance - 1.0) * density
    return min(1.0, max(0.0, 0.5 * math.erfc(distance / math.sqrt(2.0)) + skewed))
