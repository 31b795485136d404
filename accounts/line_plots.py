"""Several lines in one small plot, drawn by the server: ``templates/components/lines.html``.

Each line has its own dashes, so that nobody needs the colours to tell them apart. A page shows the figures as a
table, too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .plots import Tick, figure, nice_top, runs

WIDTH, HEIGHT = 600.0, 190.0
"""Of the view box: two plots stand side by side."""
LEFT, RIGHT, TOP, BOTTOM = 48.0, 8.0, 8.0, 24.0
LABELS_MAX = 8
TONES = ("first", "second", "third", "fourth")
"""Classes of ``css/plots.css``, in the order of the lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line's name in the key, its tone, and its runs of neighbouring values."""

    name: str
    tone: str
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """The ground above one label; resting on it tells all values there."""

    x: str
    width: str
    words: str


@dataclass(frozen=True, slots=True)
class Lines:
    """What the template draws."""

    title: str
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    across: tuple[Tick, ...]
    below: tuple[Tick, ...]
    limit: Tick | None
    size: str = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    left: str = f"{LEFT:.0f}"
    figures_at: str = f"{LEFT - 8:.0f}"
    right: str = f"{WIDTH - RIGHT:.0f}"
    words_at: str = f"{HEIGHT - 6:.0f}"
    top: str = f"{TOP:.0f}"
    tall: str = f"{HEIGHT - TOP - BOTTOM:.0f}"


Series = Sequence[tuple[str, Sequence[float | None]]]
"""(name, a value for each label; None leaves a gap)."""


def lines_plot(
    title: str,
    labels: Sequence[str],
    series: Series,
    *,
    unit: str = "",
    limit: float | None = None,
    top: float | None = None,
) -> Lines:
    """At most four lines over the same labels, from zero to ``top`` or to a round figure above all values.

    ``limit`` is drawn across.
    """
    known = [value for _, values in series for value in values if value is not None]
    top = top or nice_top(max([*known, limit or 0.0], default=0.0))
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    every = math.ceil(len(labels) / LABELS_MAX) or 1
    return Lines(
        title=title,
        lines=tuple(
            Line(name, tone, runs(_points(values, step, top)))
            for (name, values), tone in zip(series, TONES, strict=False)
        ),
        bands=tuple(_bands(labels, series, step, unit)),
        across=tuple(
            Tick(f"{_height(level, top):.1f}", f"{figure(level)}{unit}") for level in (0.0, top / 2, top)
        ),
        below=tuple(
            Tick(f"{LEFT + (place + 0.5) * step:.1f}", labels[place])
            for place in range(0, len(labels), every)
        ),
        limit=None if limit is None else Tick(f"{_height(limit, top):.1f}", f"limit {figure(limit)}{unit}"),
    )


def _points(values: Sequence[float | None], step: float, top: float) -> list[str | None]:
    return [
        None if value is None else f"{LEFT + (place + 0.5) * step:.1f},{_height(value, top):.1f}"
        for place, value in enumerate(values)
    ]


def _bands(labels: Sequence[str], series: Series, step: float, unit: str) -> Iterator[Band]:
    for place, label in enumerate(labels):
        told = [
            f"{name} {figure(round(value, 1))}{unit}"
            for name, values in series
            if (value := values[place]) is not None
        ]
        if told:
            yield Band(f"{LEFT + place * step:.1f}", f"{step:.1f}", f"{label}: {', '.join(told)}")


def _height(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(value / top, 1.0)
