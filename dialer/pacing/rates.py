"""How often people answer, as answers over the answers that were to be expected: one slow window and one fast."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

SLOW_ANSWERS = 250.0
FAST_ANSWERS = 20.0
"""Answers that each window remembers (the weight of older ones falls by e)."""
PRIOR_ANSWERS = 4.0
PARTED = 2.5
"""Standard errors between the windows from which the world has changed: the slow one starts anew."""


class Window:
    """Answers and expected answers, older ones fading."""

    def __init__(self, span: float) -> None:
        self._span = span
        self.answers = 0.0
        self.expected = 0.0

    def expect(self, answers: float) -> None:
        """So many answers were to be expected since the last call, had the rate been 1."""
        keep = math.exp(-answers * self.rate() / self._span)
        self.answers *= keep
        self.expected = self.expected * keep + answers

    def rate(self) -> float:
        """Answers over expected ones; 1 before anything is known."""
        return (self.answers + PRIOR_ANSWERS) / (self.expected + PRIOR_ANSWERS)


class AnswerRate:
    """The factor by which people answer more or less often than the learned shape says."""

    def __init__(self) -> None:
        self._slow, self._fast = Window(SLOW_ANSWERS), Window(FAST_ANSWERS)

    def answered(self) -> None:
        """A person answered."""
        self._slow.answers += 1.0
        self._fast.answers += 1.0

    def expect(self, answers: float) -> None:
        """The lines out would have brought so many answers at factor 1; resets the slow window where both part."""
        self._slow.expect(answers)
        self._fast.expect(answers)
        if self._parted():
            self._slow.answers, self._slow.expected = self._fast.answers, self._fast.expected

    def rescale(self, ratio: float) -> None:
        """The learned shape now expects ``ratio`` times the answers it did."""
        self._slow.expected *= ratio
        self._fast.expected *= ratio

    def factor(self) -> float:
        """By how much the answers differ from what the shape expects."""
        return self._slow.rate()

    def _parted(self) -> bool:
        slow, fast = self._slow, self._fast
        error = math.sqrt(1.0 / (fast.answers + PRIOR_ANSWERS) + 1.0 / (slow.answers + PRIOR_ANSWERS))
        return abs(math.log(fast.rate() / slow.rate())) > PARTED * error

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {
            name: [window.answers, window.expected]
            for name, window in (("slow", self._slow), ("fast", self._fast))
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        for name, window in (("slow", self._slow), ("fast", self._fast)):
            window.answers, window.expected = (float(value) for value in state[name])
