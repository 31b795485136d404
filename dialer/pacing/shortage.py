"""The chance that a line placed now meets no agent, given everything that is alive in the room."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from .forecast import QUANTILES, Row
from .poisson_binomial import Pmf, add_chance, chance_of_shortage, exact, matched

EXACT_UP_TO = 10
"""Chances that are convolved exactly; more of them are as good as a matched binomial."""


class Demand:
    """How many people will have answered before one of the answer moments."""

    def __init__(self, chances: Sequence[float], is_exact: bool) -> None:
        self._is_exact = is_exact
        self._pmf = exact(chances) if is_exact else []
        self._mean, self._squares = sum(chances), sum(map(mul, chances, chances))

    def add(self, chance: float) -> None:
        """One more line."""
        self._mean += chance
        self._squares += chance * chance
        if self._is_exact:
            self._pmf = add_chance(self._pmf, chance)

    def pmf(self) -> Pmf:
        """The distribution."""
        return self._pmf if self._is_exact else matched(self._mean, self._squares)


class Shortage:
    """Demand against supply at each answer moment of a new line."""

    def __init__(self, lines: Sequence[Row], busy: Sequence[Row], head_start: int) -> None:
        """``lines``: chances of being answered before; ``busy``: chances of agents to be free again in time;
        ``head_start``: agents ready less people who wait already."""
        is_exact = len(lines) <= EXACT_UP_TO
        self._demands = [Demand(chances, is_exact) for chances in _columns(lines)]
        self._supplies = [_supply(chances) for chances in _columns(busy)]
        self._head_start = head_start

    def exceeds(self, limit: float) -> bool:
        """Whether the chance that a line placed now meets no agent is above ``limit``."""
        left = limit * len(QUANTILES)
        for demand, supply in zip(self._demands, self._supplies):
            left -= chance_of_shortage(demand.pmf(), supply, self._head_start)
            if left < 0.0:
                return True
        return False

    def add(self, line: Row) -> None:
        """One more line is out."""
        for demand, chance in zip(self._demands, line):
            demand.add(chance)


def _columns(rows: Sequence[Row]) -> list[Row]:
    return list(zip(*rows)) if rows else [()] * len(QUANTILES)


def _supply(chances: Row) -> Pmf:
    if len(chances) <= EXACT_UP_TO:
        return exact(chances)
    return matched(sum(chances), sum(map(mul, chances, chances)))
