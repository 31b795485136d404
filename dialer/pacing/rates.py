"""How often people answer, as answers over the answers that were to be expected, followed as it drifts and steps.

Windows of different length watch side by side, and each is believed as far as it foretold the last answers: on a quiet
day the long ones win and are calm, after a step the short ones win within some dozens of answers (prediction with
expert advice: Herbster and Warmuth, Tracking the best expert, 1998; here with a discount in place of their share).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

SPANS_ANSWERS = (15.0, 50.0, 150.0, 500.0)
"""Answers that each window remembers (the weight of older ones falls by e)."""
PRIOR_LOG_WEIGHTS = (-1.2, -0.8, -0.4, 0.0)
"""How far each is believed where all foretold alike: a short one is wrong by chance alone."""
JUDGED_ANSWERS = 150.0
"""Answers over which foresight is judged. Spans, weights and this: with them the rate of a steady room is known to 4 %,
one that swings by half in some hundreds of answers to 16 % (one window of 250 answers: 4 % and 28 %)."""
PRIOR_ANSWERS = 4.0
LOOK_EVERY_ANSWERS = 0.1
"""Expected answers that are weighed at once."""


class Window:
    """Answers and expected answers, older ones fading."""

    def __init__(self, span: float) -> None:
        self._span = span
        self.answers = 0.0
        self.expected = 0.0
        self.score = 0.0
        """The logarithm of the chance that it gave to what happened, older things fading."""

    def answer(self) -> None:
        """A person answered."""
        self.score += math.log(self.rate())
        self.answers += 1.0

    def expect(self, answers: float, discount: float) -> None:
        """So many answers were to be expected since the last call, had the rate been 1."""
        come = answers * self.rate()
        self.score = (self.score - come) * discount
        keep = math.exp(-come / self._span)
        self.answers *= keep
        self.expected = self.expected * keep + answers

    def rate(self) -> float:
        """Answers over expected ones; 1 before anything is known."""
        return (self.answers + PRIOR_ANSWERS) / (self.expected + PRIOR_ANSWERS)


class AnswerRate:
    """The factor by which people answer more or less often than the learned shape says."""

    def __init__(self) -> None:
        self._windows = [Window(span) for span in SPANS_ANSWERS]
        self._pending = 0.0
        self._factor = 1.0

    def answered(self) -> None:
        """A person answered."""
        self._weigh()
        for window in self._windows:
            window.answer()
        self._factor = self._believed()

    def expect(self, answers: float) -> None:
        """The lines out would have brought so many answers at factor 1."""
        self._pending += answers
        if self._pending * self._factor >= LOOK_EVERY_ANSWERS:
            self._weigh()

    def _weigh(self) -> None:
        discount = math.exp(-self._pending * self._factor / JUDGED_ANSWERS)
        for window in self._windows:
            window.expect(self._pending, discount)
        self._pending = 0.0
        self._factor = self._believed()

    def _believed(self) -> float:
        best = max(window.score for window in self._windows)
        weights = [
            math.exp(window.score - best + prior) for window, prior in zip(self._windows, PRIOR_LOG_WEIGHTS)
        ]
        return sum(weight * window.rate() for weight, window in zip(weights, self._windows)) / sum(weights)

    def rescale(self, ratio: float) -> None:
        """The learned shape now expects ``ratio`` times the answers it did."""
        if ratio == 1.0:
            return
        for window in self._windows:
            window.expected *= ratio
        self._pending *= ratio
        self._factor = self._believed()

    def factor(self) -> float:
        """By how much the answers differ from what the shape expects."""
        return self._factor

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {
            "windows": [[window.answers, window.expected, window.score] for window in self._windows],
            "pending": self._pending,
            "factor": self._factor,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        for window, kept in zip(self._windows, state["windows"], strict=True):
            window.answers, window.expected, window.score = (float(value) for value in kept)
        self._pending, self._factor = float(state["pending"]), float(state["factor"])
