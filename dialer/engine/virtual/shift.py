"""Runs a shift: the verb of this package."""

from __future__ import annotations

from collections.abc import Callable

from .values import Scenario, ShiftResult

Progress = Callable[[float], None]
"""Told the part of the shift that is done, 0 to 1."""


def run_shift(scenario: Scenario, seed: int = 1, progress: Progress | None = None) -> ShiftResult:
    """Simulate one shift with the real room, its pacer, routing and timers.

    The same scenario and seed give the same result. Raises ``ValueError`` with a sentence for a person where the
    scenario makes no sense.
    """
    raise ValueError("Shifts cannot be simulated yet.")
