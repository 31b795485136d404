"""What came of a simulation in words and differences, for the page and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

from .outcome import Figure, Outcome

NONE = "\u2013"


def share_words(value: float) -> str:
    """Such as 86.4 %."""
    return f"{100 * value:.1f} %"


@dataclass(frozen=True, slots=True)
class Kind:
    """How figures of one kind are told: the figure, a difference, and how far they are rounded before, so that
    a difference is that of the figures shown."""

    words: Callable[[float], str]
    difference: Callable[[float], str]
    grains: int
    """The finest parts of 1 that are told."""

    def rounded(self, value: float) -> float:
        """As it is told, halves upward."""
        return floor(value * self.grains + 0.5) / self.grains


SHARE = Kind(share_words, lambda value: f"{100 * value:+.1f} points", 1000)
SECONDS = Kind(lambda value: f"{value:.1f} s", lambda value: f"{value:+.1f} s", 10)
COUNT = Kind(lambda value: f"{value:,.0f}", lambda value: f"{value:+,.0f}", 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure that both page and terminal show."""

    name: str
    figure: str
    """Of ``Outcome.figures``."""
    kind: Kind
    better: int
    """1: more is better, -1: less is better, 0: neither."""
    note: str = ""
    take: str = "mean"
    """Which side of a ``Figure`` is told: ``mean``, or ``high`` for the most of all days."""

    def value(self, outcome: Outcome) -> float:
        """What is told of this side."""
        return self.kind.rounded(getattr(outcome.figures[self.figure], self.take))

    def words(self, outcome: Outcome) -> str:
        """The same in words."""
        return self.kind.words(self.value(outcome))


ROWS = (
    Row("Occupancy", "occupancy", SHARE, 1, "talk and wrap-up over signed-in time"),
    Row("Abandoned", "abandoned_share", SHARE, 0, "of the people who answered"),
    Row("Worst hour", "worst_hour", SHARE, 0, "abandoned, of 50 answers or more"),
    Row("Wait before a call", "wait_mean_s", SECONDS, -1, "the mean of all agents"),
    Row("Nine of ten waits", "wait_p90_s", SECONDS, -1, "are at most so long"),
    Row("Calls with an agent", "connected", COUNT, 1, "a shift"),
    Row("Dials", "placed", COUNT, 0, "a shift"),
    Row("Lines needed", "lines_p95", COUNT, 0, "enough for 95 % of the time, talks included"),
    Row("Most lines at once", "lines_most", COUNT, 0, "on any day", take="high"),
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
    words = row.words(outcome)
    spread = _spread(row, outcome.figures[row.figure]) if outcome.days > 1 and row.take == "mean" else ""
    if first is None:
        return Cell(words, spread)
    change = row.value(outcome) - row.value(first)
    if words == row.words(first):
        return Cell(words, spread, "the same")
    tone = "" if not row.better else "good" if change * row.better > 0 else "bad"
    return Cell(words, spread, row.kind.difference(change), tone)


def table(outcomes: Sequence[Outcome]) -> list[tuple[Row, list[Cell]]]:
    """Every figure with a cell for each side. Without any hour that tells, none is called the worst."""
    first, *others = outcomes
    told = [row for row in ROWS if row.figure != "worst_hour" or any(row.value(each) for each in outcomes)]
    return [(row, [cell(row, first, None), *(cell(row, other, first) for other in others)]) for row in told]


def _spread(row: Row, figure: Figure) -> str:
    low, high = (row.kind.words(row.kind.rounded(value)) for value in (figure.low, figure.high))
    return f"{low} to {high}" if low != high else ""
