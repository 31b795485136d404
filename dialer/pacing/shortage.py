"""The chance that a line placed now meets no agent, given everything that is alive in the room."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from .forecast import QUANTILES, Crowd, Row
from .poisson_binomial import Pmf, add_chance, chance_of_shortage, exact, matched, tail_by_moments

EXACT_UP_TO = 10
"""Chances that are convolved exactly; more of them are as good as a matched binomial."""
NORMAL_FROM = 6.0
"""The variance of people who answer less agents who come free from which a skewed normal is within about two hundredths
of the exact chance (measured: 2.2 % at 7, 1 % at 15, 0.5 % at 30)."""


class Count:
    """How many of some chances will have come true before one of the answer moments; each is there so many times."""

    def __init__(self, chances: Sequence[float], times: Sequence[int], are_few: bool) -> None:
        means = list(map(mul, chances, times))
        self.mean, self.squares = sum(means), sum(map(mul, means, chances))
        self._few: list[float] | None = None
        self._exact: Pmf | None = None
        if are_few:
            self._few = [chance for chance, number in zip(chances, times) for _ in range(number)]

    def add(self, chance: float) -> None:
        """One more."""
        self.mean += chance
        self.squares += chance * chance
        if self._exact is not None:
            self._exact = add_chance(self._exact, chance)
        elif self._few is not None:
            self._few.append(chance)

    def lean(self) -> float:
        """The third moment over the variance, as if all chances were alike."""
        return 1.0 - 2.0 * self.squares / self.mean if self.mean > 0.0 else 1.0

    def pmf(self) -> Pmf:
        """The distribution."""
        if self._few is None:
            return matched(self.mean, self.squares)
        if self._exact is None:
            self._exact = exact(self._few)
        return self._exact


class Race:
    """People who answer against agents who come free, until one of the answer moments."""

    def __init__(self, demand: Count, supply: Count, head_start: int) -> None:
        self.demand = demand
        self._supply, self._head_start = supply, head_start
        self._supply_pmf: Pmf | None = None

    def chance(self) -> float:
        """That nobody is left for one more."""
        demand, supply = self.demand, self._supply
        asked, freed = demand.mean - demand.squares, supply.mean - supply.squares
        if asked + freed > NORMAL_FROM:
            third = asked * demand.lean() - freed * supply.lean()
            return tail_by_moments(demand.mean - supply.mean, asked + freed, third, self._head_start)
        if self._supply_pmf is None:
            self._supply_pmf = supply.pmf()
        return chance_of_shortage(demand.pmf(), self._supply_pmf, self._head_start)


class Shortage:
    """Demand against supply at each answer moment of a new line."""

    def __init__(self, lines: Sequence[Crowd], busy: Sequence[Crowd], head_start: int) -> None:
        """``lines``: chances of being answered before; ``busy``: chances of agents to be free again in time;
        ``head_start``: agents ready less people who wait already."""
        self._races = [Race(asked, freed, head_start) for asked, freed in zip(_counts(lines), _counts(busy))]

    def exceeds(self, limit: float) -> bool:
        """Whether the chance that a line placed now meets no agent is above ``limit``."""
        left = limit * len(QUANTILES)
        for race in self._races:
            left -= race.chance()
            if left < 0.0:
                return True
        return False

    def add(self, line: Row) -> None:
        """One more line is out."""
        for race, chance in zip(self._races, line):
            race.demand.add(chance)


def _counts(crowds: Sequence[Crowd]) -> list[Count]:
    rows, times = zip(*crowds) if crowds else ((), ())
    are_few = sum(times) <= EXACT_UP_TO
    return [Count(chances, times, are_few) for chances in zip(*rows)] or [
        Count((), (), True) for _ in QUANTILES
    ]
