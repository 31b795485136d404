"""What came of a simulation, for a terminal: a compact table and small plots of characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .outcome import Outcome
from .values import Plan
from .words import share_words, table

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = " "
BAR_CHARACTERS = 30
MARK_USUAL = "usual"


def lines(plan: Plan, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The whole answer, line by line."""
    yield from _aligned(_figures(outcomes))
    yield ""
    yield from _aligned(_plots(outcomes))
    yield ""
    yield "It rests on (records; “usual”: too few, a usual campaign's figure is taken):"
    yield from _aligned(
        [
            f"  {each.name}",
            each.words,
            f"{each.records:,}" if each.measured else f"{each.records:,}, {MARK_USUAL}",
        ]
        for each in plan.basis
    )


def progress_bar(done: float) -> str:
    """Such as ``[######        ]  42 %``."""
    filled = round(done * BAR_CHARACTERS)
    return f"[{'#' * filled}{' ' * (BAR_CHARACTERS - filled)}] {100 * done:3.0f} %"


def spark(values: Sequence[float | None], top: float) -> str:
    """A character for each value between 0 and ``top``; a gap for what is not known."""
    if top <= 0:
        top = 1.0
    places = [
        None if value is None else min(int(value / top * len(BLOCKS)), len(BLOCKS) - 1) for value in values
    ]
    return "".join(GAP if place is None else BLOCKS[place] for place in places)


def _figures(outcomes: Sequence[Outcome]) -> Iterator[list[str]]:
    yield ["", *(outcome.name for outcome in outcomes)]
    for row, cells in table(outcomes):
        yield [
            row.name,
            *(
                f"{cell.words} ({more})" if (more := cell.difference or cell.spread) else cell.words
                for cell in cells
            ),
        ]


def _plots(outcomes: Sequence[Outcome]) -> Iterator[list[str]]:
    """Each plot's lines have one scale, so that sides can be compared by eye."""
    courses = {
        "Occupancy": ([outcome.course.occupancy for outcome in outcomes], 1.0, share_words(1.0)),
        "Wait before a call": _scaled([outcome.course.wait_s for outcome in outcomes], " s"),
        "Lines not joined": _scaled([outcome.course.lines for outcome in outcomes], ""),
    }
    for title, (series, top, words) in courses.items():
        for outcome, values in zip(outcomes, series, strict=True):
            yield [title, outcome.name, spark(values, top), f"up to {words}"]


def _scaled(
    series: list[tuple[float | None, ...]], unit: str
) -> tuple[list[tuple[float | None, ...]], float, str]:
    top = max((value for values in series for value in values if value is not None), default=0.0)
    return series, top, f"{top:.0f}{unit}"


def _aligned(rows: Iterator[list[str]] | Iterator[Sequence[str]]) -> Iterator[str]:
    """Columns two characters apart."""
    table = [list(row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
