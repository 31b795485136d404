"""What becomes of a line: the chance, by its age, that a person answers within the next seconds.

Competing risks by age: a person answers, a machine answers, or the dial fails. The shape over age is learned slowly,
lines still ringing counted as censored; how often people answer at all is learned fast, as answers over the answers
that the shape would have expected of the lines that were out (``rates``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

BIN_S = 0.5
BINS = 160
"""Eighty seconds: longer than any ring limit that makes sense; the last bin takes what is older."""
FORGET_AT = 3000
"""Lines after which the older half counts half."""
PRIOR_LINES = 6.0
PRIOR_ANSWER = 0.5
"""Optimistic: too few lines for a minute cost little, too many cost abandoned people."""
PRIOR_FROM_S, PRIOR_TO_S = 2.0, 22.0
"""Where a person answers before anything is known: anywhere between."""
MOST_RISK = 0.95
"""In one bin: something of a line always stays."""
SMOOTH = (0.25, 0.5, 1.0, 0.5, 0.25)


def bin_of(age: float) -> int:
    """The bin that an age in seconds falls into."""
    place = int(age / BIN_S)
    return place if 0 <= place < BINS else (0 if place < 0 else BINS - 1)


def bins_of(ages: Sequence[float]) -> list[int]:
    """``bin_of`` for many, at a third of its cost."""
    bins = [int(age / BIN_S) for age in ages]
    if bins and (max(bins) >= BINS or min(bins) < 0):
        return [bin_of(age) for age in ages]
    return bins


@dataclass(frozen=True, slots=True)
class Incidence:
    """A new line's fate by age, at the start of each bin and the end of the last."""

    alive: list[float]
    """The chance that it is still out."""
    answered: list[float]
    """The chance that a person has answered it."""


class Answering:
    """The three risks of a line by its age."""

    def __init__(self) -> None:
        self._people = [0.0] * BINS
        self._machines = [0.0] * BINS
        self._failures = [0.0] * BINS
        self._seed()
        self.lines = 0.0
        """Lines that have come to an end, less what was forgotten."""
        self.hazard = [0.0] * BINS
        """The chance that a person answers at an age, for a line that got there (shape only)."""
        self._expected = [0.0] * (BINS + 1)
        self._other = [0.0] * BINS
        self._last = 0
        """The bin from which on nothing happens any more."""
        self.refresh(())

    def _seed(self) -> None:
        first, last = bin_of(PRIOR_FROM_S), bin_of(PRIOR_TO_S)
        share = PRIOR_LINES / (last - first)
        for place in range(first, last):
            self._people[place] += share * PRIOR_ANSWER
            self._failures[place] += share * (1.0 - PRIOR_ANSWER)

    def ended(self, kind: str, seconds: float) -> None:
        """A line came to its end: ``kind`` is answered, machine or failed, ``seconds`` since it was placed."""
        counts = {"answered": self._people, "machine": self._machines, "failed": self._failures}[kind]
        counts[bin_of(seconds)] += 1.0
        self.lines += 1.0
        if self.lines > FORGET_AT:
            self.lines *= 0.5
            self._people = [value * 0.5 for value in self._people]
            self._machines = [value * 0.5 for value in self._machines]
            self._failures = [value * 0.5 for value in self._failures]

    def refresh(self, running: Iterable[float]) -> None:
        """Work the risks out anew. ``running``: the ages of the lines not yet picked up, seconds."""
        out = [0.0] * BINS
        for age in running:
            out[bin_of(age)] += 1.0
        at_risk, alive = [0.0] * BINS, 0.0
        for place in range(BINS - 1, -1, -1):
            ended = self._people[place] + self._machines[place] + self._failures[place]
            at_risk[place] = alive + ended + 0.5 * out[place]
            alive += ended + out[place]
        risk = _smooth(at_risk)
        people = _smooth(self._people)
        self.hazard = [min(0.9, n / r) if r > 0.0 else 0.0 for n, r in zip(people, risk)]
        self._other = [
            min(MOST_RISK, (m + f) / r) if r > 0.0 else 0.0
            for m, f, r in zip(self._machines, self._failures, at_risk)
        ]
        self._expected = list(accumulate(self.hazard, initial=0.0))
        self._last = max((place for place in range(BINS) if risk[place] > 0.0), default=-1) + 1

    def expected_by(self, age: float) -> float:
        """The answers that the shape makes expect of a line that was out for so many seconds."""
        return self._expected[bin_of(age) + 1]

    def incidence(self, scale: float) -> Incidence:
        """The fate of a new line; ``scale`` multiplies the risk that a person answers."""
        alive, answered = [1.0], [0.0]
        still, sum_answered = 1.0, 0.0
        for hazard, other in zip(self.hazard[: self._last], self._other):
            now = hazard * scale
            if now > MOST_RISK:
                now = MOST_RISK
            sum_answered += still * now
            still *= (1.0 - now) * (1.0 - other)
            answered.append(sum_answered)
            alive.append(still)
        later = BINS - self._last
        return Incidence(alive + [still] * later, answered + [sum_answered] * later)

    def person_when_picked_up(self, age: float) -> float:
        """The chance that a line picked up at this age, not yet told apart, was picked up by a person."""
        place = bin_of(age)
        near = slice(max(0, place - 4), place + 5)
        people, machines = sum(self._people[near]), sum(self._machines[near])
        return (people + 0.5) / (people + machines + 1.0)

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {
            "people": self._people,
            "machines": self._machines,
            "failures": self._failures,
            "lines": self.lines,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        if any(len(state[name]) != BINS for name in ("people", "machines", "failures")):
            raise ValueError("The saved answers are of another version.")
        self._people = [float(value) for value in state["people"]]
        self._machines = [float(value) for value in state["machines"]]
        self._failures = [float(value) for value in state["failures"]]
        self.lines = float(state["lines"])
        self.refresh(())


def _smooth(values: list[float]) -> list[float]:
    reach = len(SMOOTH) // 2
    padded = [0.0] * reach + values + [0.0] * reach
    a, b, c, d, e = SMOOTH
    neighbours = zip(padded, padded[1:], padded[2:], padded[3:], padded[4:])
    return [a * v + b * w + c * x + d * y + e * z for v, w, x, y, z in neighbours]
