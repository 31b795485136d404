"""Plain values of a question, which JSON can hold: they need no database, so a process without one can answer it."""

from __future__ import annotations

import msgspec

from dialer.engine.virtual.values import Scenario

LAWFUL_SHARE = 0.03
"""``compliance.law.abandonment.CEILING``: a campaign's own law may ask for less."""


class BadPlan(Exception):
    """Something that cannot be simulated; the message says what to give."""


class Settings(msgspec.Struct, frozen=True):
    """One side of the comparison: what a supervisor can change."""

    name: str
    agents: int
    method: str = "predictive"
    target: float = LAWFUL_SHARE
    """The share of people who answer that may meet nobody; predictive pacing steers to it."""
    dial_ratio: float = 1.5
    line_limit: int = 1000


class Frame(msgspec.Struct, frozen=True):
    """What all sides have in common: the campaign's other settings, and the shift."""

    starts_hour: int = 9
    hours: float = 8.0
    calls_per_s: float = 100.0
    answer_wait_s: float = 2.0
    ring_limit_s: float = 25.0
    wrapup_limit_s: float = 600.0
    lawful_share: float = LAWFUL_SHARE
    """No side may abandon more of the people who answer."""


class Basis(msgspec.Struct, frozen=True):
    """One thing that a simulated shift rests on."""

    name: str
    words: str
    records: int
    """How many records were found."""
    measured: bool
    """False: they were too few, a usual campaign's figure is taken."""


class Plan(msgspec.Struct, frozen=True):
    """One question: the days ``seeds`` of each of ``variants``. What ``Simulation.scenario`` holds."""

    variants: tuple[Scenario, ...]
    seeds: tuple[int, ...]
    starts_hour: int
    basis: tuple[Basis, ...]

    @property
    def shifts(self) -> int:
        """How many are simulated."""
        return len(self.variants) * len(self.seeds)
