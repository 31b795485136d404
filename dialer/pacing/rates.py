"""How often people answer, as answers over the answers that were to be expected, followed as it drifts and steps.

Several beliefs stand side by side: the rate last stepped so and so long ago, and since then so many people answered. Each
is weighed by how well it foretold what came (Adams and MacKay, Bayesian online changepoint detection, 2007, with Poisson
counts over an exposure and a gamma prior). In a quiet day an old belief wins and is calm; after a step a young one wins
within a dozen answers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

STEPS_EVERY_ANSWERS = 250.0
"""How often the rate is thought to step."""
PRIOR_ANSWERS = 1.0
"""What a young belief takes over from the old: the rate before the step, as if seen in so many answers."""
FIRST_ANSWERS = 4.0
"""What the first belief holds: the learned shape is right."""
MEMORY_ANSWERS = 500.0
"""Answers that the oldest belief remembers (the weight of older ones falls by e)."""
MOST_BELIEFS = 16
LOOK_EVERY_ANSWERS = 0.25
"""Expected answers that are weighed at once."""


class Belief:
    """Answers and expected answers since a step."""

    __slots__ = ("answers", "expected", "weight")

    def __init__(self, answers: float, expected: float, weight: float) -> None:
        self.answers = answers
        self.expected = expected
        self.weight = weight

    def see(self, answers: float, expected: float, fade: float) -> None:
        """Weigh the belief by the chance that it gave to what came, and learn from it."""
        seen = self.expected + expected
        self.weight *= (self.expected / seen) ** self.answers
        for already in range(int(answers)):
            self.weight *= (self.answers + already) / seen
        self.answers = self.answers * fade + answers
        self.expected = self.expected * fade + expected

    @property
    def rate(self) -> float:
        """Answers over expected ones."""
        return self.answers / self.expected


class AnswerRate:
    """The factor by which people answer more or less often than the learned shape says."""

    def __init__(self) -> None:
        self._beliefs = [Belief(FIRST_ANSWERS, FIRST_ANSWERS, 1.0)]
        self._answers = self._expected = 0.0
        self._factor = 1.0

    def answered(self) -> None:
        """A person answered."""
        self._answers += 1.0

    def expect(self, answers: float) -> None:
        """The lines out would have brought so many answers at factor 1."""
        self._expected += answers
        if self._expected > 0.0 and (self._answers or self._expected * self._factor >= LOOK_EVERY_ANSWERS):
            self._weigh(self._answers, self._expected)
            self._answers = self._expected = 0.0

    def _weigh(self, answers: float, expected: float) -> None:
        come = expected * self._factor
        fade = math.exp(-come / MEMORY_ANSWERS)
        for belief in self._beliefs:
            belief.see(answers, expected, fade)
        total = sum(belief.weight for belief in self._beliefs)
        step = min(0.5, come / STEPS_EVERY_ANSWERS)
        for belief in self._beliefs:
            belief.weight *= (1.0 - step) / total
        self._factor = sum(belief.weight * belief.rate for belief in self._beliefs) / (1.0 - step)
        self._beliefs.append(Belief(PRIOR_ANSWERS, PRIOR_ANSWERS / self._factor, step))
        if len(self._beliefs) > MOST_BELIEFS:
            self._merge()

    def _merge(self) -> None:
        """Join the two neighbours of which the lighter is lightest."""
        places = range(len(self._beliefs) - 1)
        place = min(places, key=lambda n: min(self._beliefs[n].weight, self._beliefs[n + 1].weight))
        one, other = self._beliefs[place : place + 2]
        weight = one.weight + other.weight
        share = one.weight / weight
        self._beliefs[place : place + 2] = [
            Belief(
                share * one.answers + (1 - share) * other.answers,
                share * one.expected + (1 - share) * other.expected,
                weight,
            )
        ]

    def rescale(self, ratio: float) -> None:
        """The learned shape now expects ``ratio`` times the answers it did."""
        for belief in self._beliefs:
            belief.expected *= ratio
        self._expected *= ratio
        self._factor /= ratio

    def factor(self) -> float:
        """By how much the answers differ from what the shape expects."""
        return self._factor

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {
            "beliefs": [[belief.answers, belief.expected, belief.weight] for belief in self._beliefs],
            "pending": [self._answers, self._expected],
            "factor": self._factor,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self._beliefs = [Belief(*(float(value) for value in kept)) for kept in state["beliefs"]]
        self._answers, self._expected = (float(value) for value in state["pending"])
        self._factor = float(state["factor"])
