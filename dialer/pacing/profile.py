"""Whom the room calls and when: how much more or less often leads of one sort, or at one hour, answer.

Factors over the room's own rate, drawn toward 1 where little was seen, so that a sort or an hour that nobody knows is
taken as the room.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

PRIOR_ANSWERS = 12.0
"""Answers' worth of pull of a sort toward the room's rate."""
FORGET_AT_ANSWERS = 400.0
"""Expected answers of a sort after which the older half counts half."""
MOST_SORTS = 500
"""Kept by name; the one that was seen least goes first."""
CLASS_STEP = math.log(1.15)
"""Sorts whose factors lie within 15 % share one forecast."""
MOST_CLASSES = 10
HOURS = 24
PRIOR_LINES = 200.0
"""Lines' worth of pull of an hour toward the day."""
LEAST_LINES = 300.0
"""An hour with fewer behind it says nothing of the step to it."""
FORGET_AT_LINES = 6000.0
MOST_STEP = 3.0


class Sorts:
    """Answers by sort of lead, against what the room's rate made expect of the same lines."""

    def __init__(self) -> None:
        self._seen: dict[str, list[float]] = {}
        """Sort → [answers, expected answers]."""
        self._classes: dict[str, int] = {}

    @property
    def is_empty(self) -> bool:
        """Nothing is known of any sort."""
        return not self._classes

    def ended(self, sort: str, answered: bool, expected: float) -> None:
        """A line came to its end, of which the room's rate made ``expected`` answers expect."""
        if not sort:
            return
        if sort not in self._seen and len(self._seen) >= MOST_SORTS:
            least = min(self._seen, key=lambda name: self._seen[name][1])
            del self._seen[least]
        seen = self._seen.setdefault(sort, [0.0, 0.0])
        seen[0] += answered
        seen[1] += expected
        if seen[1] > FORGET_AT_ANSWERS:
            seen[0] *= 0.5
            seen[1] *= 0.5

    def refresh(self) -> None:
        """Work the classes out anew."""
        self._classes = {sort: _class_of(_factor(*seen)) for sort, seen in self._seen.items()}

    def class_of(self, sort: str) -> int:
        """The class of a sort; 0, the room's rate, where it is not known."""
        return self._classes.get(sort, 0)

    def classes_of(self, sorts: Sequence[str]) -> list[int]:
        """``class_of`` for many."""
        class_of = self._classes.get
        return [class_of(sort, 0) for sort in sorts]

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {"seen": self._seen}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self._seen = {sort: [float(a), float(e)] for sort, (a, e) in state["seen"].items()}
        self.refresh()


def _factor(answers: float, expected: float) -> float:
    return (answers + PRIOR_ANSWERS) / (expected + PRIOR_ANSWERS)


def _class_of(factor: float) -> int:
    return max(-MOST_CLASSES, min(MOST_CLASSES, round(math.log(factor) / CLASS_STEP)))


@cache
def class_factor(place: int) -> float:
    """The factor that stands for a class."""
    return math.exp(place * CLASS_STEP)


class Hours:
    """The share of lines that people answer, by hour of the day, over weeks."""

    def __init__(self) -> None:
        self._people = [0.0] * HOURS
        self._lines = [0.0] * HOURS
        self._hour: int | None = None

    def ended(self, answered: bool) -> None:
        """A line came to its end in the present hour."""
        if self._hour is None:
            return
        self._people[self._hour] += answered
        self._lines[self._hour] += 1.0
        if self._lines[self._hour] > FORGET_AT_LINES:
            self._people[self._hour] *= 0.5
            self._lines[self._hour] *= 0.5

    def move_to(self, hour: int | None) -> float:
        """It is this hour now; returns by how much more often people are known to answer than in the last."""
        before, self._hour = self._hour, hour
        if hour is None or before is None or hour == before:
            return 1.0
        if min(self._lines[hour], self._lines[before]) < LEAST_LINES:
            return 1.0
        return max(1.0 / MOST_STEP, min(MOST_STEP, self._share(hour) / self._share(before)))

    def _share(self, hour: int) -> float:
        day = (sum(self._people) + 1.0) / (sum(self._lines) + 2.0)
        return (self._people[hour] + PRIOR_LINES * day) / (self._lines[hour] + PRIOR_LINES)

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {"people": self._people, "lines": self._lines, "hour": self._hour}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        if len(state["people"]) != HOURS or len(state["lines"]) != HOURS:
            raise ValueError("The saved hours are of another version.")
        self._people = [float(value) for value in state["people"]]
        self._lines = [float(value) for value in state["lines"]]
        self._hour = state["hour"]
