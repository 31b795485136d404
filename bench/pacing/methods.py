"""The methods that are compared, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dialer.pacing import LEGAL_ABANDON_LIMIT, Pacer, make_pacer

from .baselines import DialLevel, ExpectedAnswers

LIMIT = LEGAL_ABANDON_LIMIT
OURS, HINDSIGHT = "paceline", "hindsight"


@dataclass(frozen=True)
class Method:
    """How to make a pacer that has seen nothing yet."""

    label: str
    make: Callable[[], Pacer]


METHODS = {
    "progressive": Method("one line a ready agent", lambda: make_pacer("progressive", LIMIT)),
    "ratio-1.5": Method("1.5 lines a ready agent", lambda: ratio(1.5)),
    "ratio-2.5": Method("2.5 lines a ready agent", lambda: ratio(2.5)),
    "vicidial-3.0": Method("VICIdial average, at most 3.0", lambda: DialLevel(LIMIT, 3.0)),
    "vicidial-1.5": Method("VICIdial average, at most 1.5", lambda: DialLevel(LIMIT, 1.5)),
    "vicidial-hard": Method("VICIdial hard limit, at most 3.0", lambda: DialLevel(LIMIT, 3.0, hard=True)),
    "expected": Method("expected answers", lambda: ExpectedAnswers(LIMIT)),
    OURS: Method("Paceline", lambda: make_pacer("predictive", LIMIT)),
}


def ratio(lines_per_ready_agent: float) -> Pacer:
    """A fixed ratio."""
    return make_pacer("ratio", LIMIT, ratio=lines_per_ready_agent)
