"""What the project's method promises, held against what it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .figures import Figures
from .methods import HINDSIGHT, LIMIT, OURS
from .scenarios import Scenario

SMALL_ROOM_AGENTS, SMALL_ROOM_DAY_LIMIT = 5, 0.033
"""A day of so few agents has some 300 answers: one call more or less is a third of a per mille."""
HOUR_LIMIT, HOUR_LIMIT_FROM_AGENTS = 0.06, 10


@dataclass(frozen=True)
class Verdict:
    """One promise."""

    scenario: str
    promise: str
    wanted: float
    reached: float
    at_most: bool = False
    """Whether ``wanted`` bounds from above."""

    @property
    def kept(self) -> bool:
        """Whether the promise was."""
        return self.reached <= self.wanted if self.at_most else self.reached >= self.wanted


Results = Mapping[tuple[str, str], Figures]


def verdicts(scenario: Scenario, results: Results, optimum: float | None) -> Iterator[Verdict]:
    """Occupancy first, then the limits; nothing where ours was not measured."""
    ours = results.get((scenario.name, OURS))
    if ours is None:
        return
    hindsight = results.get((scenario.name, HINDSIGHT))
    if optimum is not None and scenario.of_optimum is not None:
        reached = ours.occupancy / optimum
        yield Verdict(scenario.name, "of the exact optimum", scenario.of_optimum, reached)
    elif hindsight is not None:
        gained = 100 * (ours.occupancy - hindsight.occupancy)
        yield Verdict(scenario.name, "points above hindsight", scenario.points, gained)
    yield from _limits(scenario, ours)


def _limits(scenario: Scenario, ours: Figures) -> Iterator[Verdict]:
    agents = scenario.plan.agents
    day_limit = SMALL_ROOM_DAY_LIMIT if agents <= SMALL_ROOM_AGENTS else LIMIT
    yield Verdict(scenario.name, "abandoned on the worst day", day_limit, ours.worst_day, at_most=True)
    yield Verdict(scenario.name, "abandoned over all days", LIMIT, ours.abandoned, at_most=True)
    if agents >= HOUR_LIMIT_FROM_AGENTS:
        yield Verdict(scenario.name, "abandoned in the worst hour", HOUR_LIMIT, ours.worst_hour, at_most=True)
