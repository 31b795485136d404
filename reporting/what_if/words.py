"""What came of a simulation in words and differences, for the page and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .basis import seconds_words
from .outcome import Figure, Outcome

NONE = "\u2013"


def share_words(value: float) -> str:
    """Such as 86.4 %."""
    return f"{100 * value:.1f} %"


def count_words(value: float) -> str:
    """Such as 1,204."""
    return f"{value:,.0f}"


def points_words(value: float) -> str:
    """A difference of shares, such as +6.2 points."""
    return f"{100 * value:+.1f} points"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure that both page and terminal show."""

    name: str
    figure: str
    """Of ``Outcome.figures``."""
    words: Callable[[float], str]
    difference: Callable[[float], str]
    better: int
    """1: more is better, -1: less is better, 0: neither."""
    note: str = ""
    take: str = "mean"
    """Which side of a ``Figure`` is told: ``mean``, or ``high`` for the most of all days."""

    def value(self, outcome: Outcome) -> float:
        """What is told of this side."""
        found: float = getattr(outcome.figures[self.figure], self.take)
        return found


def _seconds_more(value: float) -> str:
    return ("+" if value >= 0 else "-") + seconds_words(abs(value))


def _count_more(value: float) -> str:
    return f"{value:+,.0f}"


ROWS = (
    Row("Occupancy", "occupancy", share_words, points_words, 1, "talk and wrap-up over signed-in time"),
    Row("Abandoned", "abandoned_share", share_words, points_words, 0, "of the people who answered"),
    Row("Worst hour", "worst_hour", share_words, points_words, 0, "abandoned, of 50 answers or more"),
    Row("Wait before a call", "wait_mean_s", seconds_words, _seconds_more, -1, "the mean of all agents"),
    Row("Nine of ten waits", "wait_p90_s", seconds_words, _seconds_more, -1, "are at most so long"),
    Row("Calls with an agent", "connected", count_words, _count_more, 1, "a shift"),
    Row("Dials", "placed", count_words, _count_more, 0, "a shift"),
    Row(
        "Lines needed",
        "lines_p95",
        count_words,
        _count_more,
        0,
        "enough for 95 % of the time, talks included",
    ),
    Row("Most lines at once", "lines_most", count_words, _count_more, 0, "on any day", take="high"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one side: what it is, its spread over the days, and how it differs from the first side."""

    words: str
    spread: str = ""
    difference: str = ""
    tone: str = ""
    """``good``, ``bad``, or empty."""


def cell(row: Row, outcome: Outcome, first: Outcome | None) -> Cell:
    """The figure of this side, compared with ``first``; None: it is the first itself."""
    value, figure = row.value(outcome), outcome.figures[row.figure]
    words = row.words(value)
    spread = _spread(row, figure) if outcome.days > 1 and row.take == "mean" else ""
    if first is None:
        return Cell(words, spread)
    change = value - row.value(first)
    if row.words(row.value(first)) == words:
        return Cell(words, spread, "the same")
    tone = "" if not row.better else "good" if change * row.better > 0 else "bad"
    return Cell(words, spread, row.difference(change), tone)


def table(outcomes: Sequence[Outcome]) -> list[tuple[Row, list[Cell]]]:
    """Every figure with a cell for each side. Without any hour that tells, none is called the worst."""
    first, *others = outcomes
    told = [row for row in ROWS if row.figure != "worst_hour" or any(row.value(each) for each in outcomes)]
    return [(row, [cell(row, first, None), *(cell(row, other, first) for other in others)]) for row in told]


def _spread(row: Row, figure: Figure) -> str:
    low, high = row.words(figure.low), row.words(figure.high)
    return f"{low} to {high}" if low != high else ""
