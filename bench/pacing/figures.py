"""What is told of a method in a room, and how it is gathered from simulated days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from .room import Tally

MICROSECONDS = 1e6


@dataclass(frozen=True)
class Figures:
    """Means over days; shares between 0 and 1."""

    scenario: str
    method: str
    days: int
    occupancy: float
    abandoned: float
    worst_day: float
    worst_hour: float
    idle_s: float
    """Of an agent before a call."""
    decision_us: float
    ratio: float | None = None
    """Of hindsight: the lines a ready agent that it chose."""

    @classmethod
    def of(cls, scenario: str, method: str, days: Sequence[Tally], ratio: float | None = None) -> Figures:
        """From at least one day."""
        return cls(
            scenario,
            method,
            len(days),
            occupancy=fmean(day.occupancy for day in days),
            abandoned=fmean(day.abandoned_share for day in days),
            worst_day=max(day.abandoned_share for day in days),
            worst_hour=max(day.worst_hour for day in days),
            idle_s=fmean(day.idle_before_a_call_s for day in days),
            decision_us=MICROSECONDS
            * sum(day.decided_s for day in days)
            / max(1, sum(day.decisions for day in days)),
            ratio=ratio,
        )
