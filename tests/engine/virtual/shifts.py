"""Short shifts for tests, and their journals."""

from __future__ import annotations

from typing import Any

import msgspec

from dialer.engine.virtual.shift import Shift
from dialer.engine.virtual.values import Crew, FarEnd, Scenario, ShiftResult, Spell

BRISK = Crew(agents=8, talks=(Spell(40.0, 0.6),), wrapups=(Spell(10.0, 0.5),))
SHORT = Scenario(crew=BRISK, hours=0.15)
"""Nine minutes in which much happens."""


def passed(scenario: Scenario, seed: int = 1) -> tuple[ShiftResult, Shift, list[dict[str, Any]]]:
    """The result, the shift itself, and its journal."""
    journal: list[dict[str, Any]] = []
    shift = Shift(scenario, seed, journal.append)
    for _ in shift.steps():
        pass
    return shift.result(), shift, journal


def as_bytes(result: ShiftResult) -> bytes:
    """The result but for the real time it took."""
    return msgspec.json.encode(msgspec.structs.replace(result, took_s=0.0))


def with_far_end(scenario: Scenario = SHORT, **changes: Any) -> Scenario:
    """The scenario with other people."""
    return msgspec.structs.replace(scenario, far_end=msgspec.structs.replace(FarEnd(), **changes))


def with_settings(scenario: Scenario = SHORT, **changes: Any) -> Scenario:
    """The scenario with other settings."""
    return msgspec.structs.replace(scenario, **changes)


def with_crew(scenario: Scenario = SHORT, **changes: Any) -> Scenario:
    """The scenario with other agents."""
    return msgspec.structs.replace(scenario, crew=msgspec.structs.replace(scenario.crew, **changes))
