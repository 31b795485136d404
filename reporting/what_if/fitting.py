"""Lengths as a mixture of lognormal spells: how long it rings, people talk, agents write."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dialer.engine.virtual.checks import CV_MOST, MEAN_LEAST_S, MEAN_MOST_S
from dialer.engine.virtual.values import Spell

SPELLS_MOST = 3
SHORTEST_S = 0.5
"""Shorter lengths are taken for this: a logarithm needs more than nothing, and that of a blink of the eye would pull a
whole kind out of shape."""
SLICES = 128
"""The sorted lengths go into so many slices, each told by its mean logarithm: a fit costs the same for any number."""
ROUNDS = 40
"""Of expectation and maximisation; the weights of mixtures that matter stand still after some 30."""
SIGMA_LEAST = 0.05
"""Narrower kinds would grow on a single length that is repeated."""
SIGMA_MOST = math.sqrt(math.log1p(CV_MOST**2)) - 1e-3
"""Wider kinds are no lengths that a shift is simulated with: talks that end at once, among others, make them."""
WEIGHT_LEAST = 0.04
"""A kind that holds less of all lengths is noise."""


class Kind(NamedTuple):
    """One normal distribution of logarithms, and its part of the whole."""

    weight: float
    mu: float
    sigma: float


def fit_spells(lengths_s: Sequence[float], most: int = SPELLS_MOST) -> tuple[Spell, ...]:
    """One to ``most`` spells that the lengths (s, at least one) come from, the shortest kind first.

    More kinds are taken only where they pay for their parameters (Schwarz' criterion). The mixture keeps the mean of
    the lengths: how busy agents are depends on it more than on the shape.
    """
    logs = sorted(math.log(max(length, SHORTEST_S)) for length in lengths_s)
    slices = _slices(logs)
    fits = [_refined(_split(slices, count), slices) for count in range(1, most + 1)]
    kinds = min(fits, key=lambda fit: _schwarz(fit, slices, len(logs)))
    return _as_spells(kinds, sum(lengths_s) / len(lengths_s))


def _slices(logs: Sequence[float]) -> list[float]:
    """Equal slices of sorted logarithms by their means; as they are where there are few."""
    count = min(SLICES, len(logs))
    edges = [round(len(logs) * place / count) for place in range(count + 1)]
    return [sum(logs[a:b]) / (b - a) for a, b in pairwise(edges)]


def _split(slices: Sequence[float], count: int) -> list[Kind]:
    """The first guess: equal parts of the sorted logarithms."""
    edges = [round(len(slices) * place / count) for place in range(count + 1)]
    parts = [slices[a:b] for a, b in pairwise(edges) if b > a]
    return [_moments(part, [1.0] * len(part), len(slices)) for part in parts]


def _moments(values: Sequence[float], parts: Sequence[float], whole: int) -> Kind:
    weight = sum(parts) or 1e-12
    mu = sum(part * value for part, value in zip(parts, values, strict=True)) / weight
    spread = sum(part * (value - mu) ** 2 for part, value in zip(parts, values, strict=True)) / weight
    return Kind(weight / whole, mu, min(max(math.sqrt(spread), SIGMA_LEAST), SIGMA_MOST))


def _density(kind: Kind, value: float) -> float:
    away = (value - kind.mu) / kind.sigma
    return kind.weight * math.exp(-0.5 * away * away) / (kind.sigma * math.sqrt(2 * math.pi))


def _refined(kinds: list[Kind], slices: Sequence[float]) -> list[Kind]:
    """Expectation and maximisation (Dempster, Laird, Rubin 1977) from the first guess."""
    for _ in range(ROUNDS if len(kinds) > 1 else 0):
        belongs: list[list[float]] = [[] for _ in kinds]
        for value in slices:
            densities = [_density(kind, value) for kind in kinds]
            whole = sum(densities) or 1.0
            for parts, density in zip(belongs, densities, strict=True):
                parts.append(density / whole)
        kinds = [_moments(slices, parts, len(slices)) for parts in belongs]
    return kinds


def _schwarz(kinds: Sequence[Kind], slices: Sequence[float], count: int) -> float:
    """The smaller the better: parameters paid against likelihood; endless for a mixture with a kind of noise."""
    if len(kinds) > 1 and min(kind.weight for kind in kinds) < WEIGHT_LEAST:
        return math.inf
    per_length = count / len(slices)
    likelihood = sum(math.log(max(sum(_density(kind, value) for kind in kinds), 1e-300)) for value in slices)
    return (3 * len(kinds) - 1) * math.log(count) - 2 * per_length * likelihood


def _as_spells(kinds: Sequence[Kind], mean_s: float) -> tuple[Spell, ...]:
    means = [math.exp(kind.mu + kind.sigma**2 / 2) for kind in kinds]
    whole = sum(kind.weight * mean for kind, mean in zip(kinds, means, strict=True))
    stretch = max(mean_s, SHORTEST_S) / whole
    spells = [_spell(kind, mean * stretch) for kind, mean in zip(kinds, means, strict=True)]
    return tuple(sorted(spells, key=lambda spell: spell.mean_s))


def _spell(kind: Kind, mean_s: float) -> Spell:
    mean_s = min(max(mean_s, MEAN_LEAST_S), MEAN_MOST_S)
    return Spell(round(mean_s, 3), round(math.sqrt(math.expm1(kind.sigma**2)), 3), round(kind.weight, 4))
