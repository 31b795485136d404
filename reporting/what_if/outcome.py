"""What came of one side's simulated days: figures with their spread, and the course of the shift for plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from dialer.engine.virtual.values import Minute, ShiftResult

STEPS_S = (60, 300, 600, 900, 1800)
POINTS_MOST = 40
"""Of a plot: more are not told apart at its width."""
TELLING_ANSWERS = 20
"""The share of abandoned calls is plotted from so many answers on: before, one call is a mountain."""
FIGURES = (
    "occupancy", "abandoned_share", "worst_hour", "placed", "answered", "connected", "abandoned",
    "wait_mean_s", "wait_p90_s", "lines_mean", "lines_p95", "lines_most",
)  # fmt: skip
"""Those of ``ShiftResult``."""


class Figure(msgspec.Struct, frozen=True):
    """One figure over the days."""

    mean: float
    low: float
    high: float


class Course(msgspec.Struct, frozen=True):
    """The shift in equal steps of ``step_s`` seconds, all days together; None where there is nothing to tell."""

    step_s: int
    occupancy: tuple[float | None, ...]
    abandoned: tuple[float | None, ...]
    """The share of all people who had answered since the shift began."""
    wait_s: tuple[float | None, ...]
    """The mean wait of the agents who got a call in this step."""
    lines: tuple[float | None, ...]
    """Not yet joined, on average."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of one side."""

    name: str
    days: int
    figures: dict[str, Figure]
    course: Course
    explained: tuple[tuple[float, str], ...]
    """The pacer's own words on the first day: (second of the shift, words)."""


def outcome_of(name: str, results: Sequence[ShiftResult]) -> Outcome:
    """One side's days together; at least one. The abandoned share is that of all days' people."""
    figures = {figure: _figure([getattr(result, figure) for result in results]) for figure in FIGURES}
    answered = sum(result.answered for result in results)
    pooled = sum(result.abandoned for result in results) / answered if answered else 0.0
    figures["abandoned_share"] = msgspec.structs.replace(figures["abandoned_share"], mean=pooled)
    return Outcome(name, len(results), figures, _course(results), results[0].explained)


def _figure(values: Sequence[float]) -> Figure:
    return Figure(sum(values) / len(values), min(values), max(values))


def _course(results: Sequence[ShiftResult]) -> Course:
    end_s = max((result.minutes[-1].at_s for result in results if result.minutes), default=0.0)
    step_s = next((step for step in STEPS_S if end_s / step <= POINTS_MOST), STEPS_S[-1])
    steps = list(_steps(results, step_s, end_s))
    return Course(
        step_s=step_s,
        occupancy=tuple(_mean((minute.occupancy, minute.agents) for minute in step) for step in steps),
        abandoned=tuple(_abandoned_so_far(steps)),
        wait_s=tuple(_mean((wait, 1) for minute in step for wait in minute.waits_s) for step in steps),
        lines=tuple(_mean((minute.lines, 1) for minute in step) for step in steps),
    )


def _steps(results: Sequence[ShiftResult], step_s: int, end_s: float) -> Iterator[list[Minute]]:
    """The minutes of all days that end within each step."""
    minutes = [minute for result in results for minute in result.minutes]
    for number in range(-int(-end_s // step_s)):
        since, until = number * step_s, (number + 1) * step_s
        yield [minute for minute in minutes if since < minute.at_s <= until]


def _abandoned_so_far(steps: Iterable[Sequence[Minute]]) -> Iterator[float | None]:
    answered = abandoned = 0
    for step in steps:
        answered += sum(minute.answered for minute in step)
        abandoned += sum(minute.abandoned for minute in step)
        yield abandoned / answered if answered >= TELLING_ANSWERS else None


def _mean(weighed: Iterable[tuple[float, float]]) -> float | None:
    """The weighed mean, rounded for keeping; None of nothing."""
    total = weight = 0.0
    for value, weighs in weighed:
        total, weight = total + value * weighs, weight + weighs
    return round(total / weight, 4) if weight else None
