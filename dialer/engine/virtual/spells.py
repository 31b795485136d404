"""Lengths of time as people need them: mixtures of lognormals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from .values import Spell


class Mixture:
    """Draws lengths in seconds of the kinds given, each as often as its weight says."""

    def __init__(self, spells: Sequence[Spell], chance: Random) -> None:
        self._chance = chance
        self._kinds = [_shape(spell) for spell in spells]
        self._weights = [spell.weight for spell in spells]

    def draw(self) -> float:
        """One length."""
        kinds = self._kinds
        mu, sigma = kinds[0] if len(kinds) == 1 else self._chance.choices(kinds, self._weights)[0]
        return self._chance.lognormvariate(mu, sigma)


def _shape(spell: Spell) -> tuple[float, float]:
    """The mean and deviation of the logarithm that give this mean and coefficient of variation."""
    variance = math.log(1.0 + spell.cv**2)
    return math.log(spell.mean_s) - variance / 2.0, math.sqrt(variance)
