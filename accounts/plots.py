"""Small plots drawn by the server: geometry as text for ``templates/components/plot.html`` and ``spark.html``.

For reports and pages that stand still; what moves is drawn by uPlot. A page shows the same figures as a table, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 960.0, 160.0
"""Of the view box; the drawing takes the width of its card."""
LEFT, RIGHT, TOP, BOTTOM = 52.0, 8.0, 10.0, 28.0
"""Room for the figures at the left and the words below."""
BAR_SHARE = 0.72
"""Of a bar's place that the bar takes, while bars are wide enough to have gaps."""
GAP_FROM = 4.0
"""Places narrower than this have no gap."""
NICE_STEPS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
LABELS_MAX = 8
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96.0, 24.0, 2.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One value: its bar, its dot, and its words."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    words: str
    over: bool = False
    """It is above the limit."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid, or a word below."""

    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws. ``lines`` are runs of neighbouring values, for a plot that is a line."""

    title: str
    tone: str
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]
    across: tuple[Tick, ...]
    below: tuple[Tick, ...]
    limit: Tick | None = None
    """A line across that values should stay under."""
    size: str = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    left: str = f"{LEFT:.0f}"
    figures_at: str = f"{LEFT - 8:.0f}"
    right: str = f"{WIDTH - RIGHT:.0f}"
    words_at: str = f"{HEIGHT - 6:.0f}"


def bar_plot(
    title: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    unit: str = "",
    tone: str = "accent",
    limit: float | None = None,
) -> Plot:
    """A bar for each value, from zero; None is nothing known: no bar. ``unit`` follows each figure.

    ``limit`` is drawn across, and the bars above it stand out.
    """
    return _plot(title, labels, values, unit, tone, is_line=False, limit=limit)


def line_plot(
    title: str, labels: Sequence[str], values: Sequence[float | None], *, unit: str = "", tone: str = "accent"
) -> Plot:
    """A dot for each value and lines between neighbours; None leaves a gap."""
    return _plot(title, labels, values, unit, tone, is_line=True)


def spark_line(values: Sequence[float | None]) -> tuple[str, ...]:
    """Runs of points in a box of 96 by 24, the highest value at its top; empty without values."""
    top = max((value for value in values if value is not None), default=0.0) or 1.0
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(len(values) - 1, 1)
    inner = SPARK_HEIGHT - 2 * SPARK_EDGE
    points = [
        None
        if value is None
        else f"{SPARK_EDGE + place * step:.1f},{SPARK_EDGE + inner * (1 - value / top):.1f}"
        for place, value in enumerate(values)
    ]
    return runs(points)


def nice_top(value: float) -> float:
    """The smallest of 1, 2, 3, 4, 6, 8 times a power of ten that is not below ``value``; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in NICE_STEPS if step * power >= value * (1 - 1e-9))


def _plot(
    title: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    unit: str,
    tone: str,
    *,
    is_line: bool,
    limit: float | None = None,
) -> Plot:
    top = nice_top(max((value for value in (*values, limit) if value is not None), default=0.0))
    place = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    marks = [
        _mark(number * place, place, value, top, f"{label}: {figure(value)}{unit}", limit)
        for number, (label, value) in enumerate(zip(labels, values, strict=True))
        if value is not None
    ]
    points = [
        None if value is None else f"{LEFT + (number + 0.5) * place:.1f},{_height(value, top):.1f}"
        for number, value in enumerate(values)
    ]
    levels = (0.0, top / 2, top) if top > 1 else (0.0, top)
    across = [Tick(f"{_height(level, top):.1f}", f"{figure(level)}{unit}") for level in levels]
    every = math.ceil(len(labels) / LABELS_MAX) or 1
    below = [
        Tick(f"{LEFT + (number + 0.5) * place:.1f}", labels[number])
        for number in range(0, len(labels), every)
    ]
    lines = runs(points) if is_line else ()
    line = None if limit is None else Tick(f"{_height(limit, top):.1f}", f"limit {figure(limit)}{unit}")
    return Plot(title, tone, tuple(marks), lines, tuple(across), tuple(below), line)


def _mark(start: float, place: float, value: float, top: float, words: str, limit: float | None) -> Mark:
    width = place * BAR_SHARE if place >= GAP_FROM else place
    y = _height(value, top)
    return Mark(
        x=f"{LEFT + start + (place - width) / 2:.2f}",
        y=f"{y:.1f}",
        width=f"{width:.2f}",
        height=f"{HEIGHT - BOTTOM - y:.1f}",
        middle=f"{LEFT + start + place / 2:.1f}",
        words=words,
        over=limit is not None and value > limit,
    )


def _height(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(value / top, 1.0)


def figure(value: float) -> str:
    """With thousands' commas; one digit behind the point where there is something."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def runs(points: Sequence[str | None]) -> tuple[str, ...]:
    """Neighbouring points joined; a run of one point is kept, for its dot."""
    found: list[list[str]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return tuple(" ".join(run) for run in found if run)
