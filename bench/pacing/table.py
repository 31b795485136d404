"""What a person reads: the table, the decisions' time, and whether each promise was kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .decisions import DecisionTime
from .figures import Figures
from .methods import HINDSIGHT, METHODS
from .scenarios import SCENARIOS
from .verdicts import Verdict

NAME_WIDTH = 34
COLUMNS = (
    ("occupancy", 10),
    ("abandoned", 11),
    ("worst day", 11),
    ("worst hour", 12),
    ("idle", 9),
    ("decision", 11),
)
HEAD = " " * NAME_WIDTH + "".join(f"{name:>{width}}" for name, width in COLUMNS)


def table(figures: Sequence[Figures], optima: Mapping[str, float]) -> Iterator[str]:
    """A block for each room: its optimum where known, then a line a method."""
    for scenario in SCENARIOS:
        rows = [row for row in figures if row.scenario == scenario.name]
        if not rows:
            continue
        yield f"\n{scenario.name}: {scenario.about}, {rows[-1].days} days"
        yield HEAD
        if scenario.name in optima:
            yield f"  {'exact optimum':{NAME_WIDTH - 2}}{optima[scenario.name]:10.4f}{_percent(0.03, 11)}"
        yield from (_line(row) for row in rows)


def _line(row: Figures) -> str:
    shares = _percent(row.abandoned, 11) + _percent(row.worst_day, 11) + _percent(row.worst_hour, 12)
    return f"  {label(row):{NAME_WIDTH - 2}}{row.occupancy:10.4f}{shares}{row.idle_s:7.1f} s{row.decision_us:8.0f} µs"


def label(row: Figures) -> str:
    """The method's name for people."""
    if row.method == HINDSIGHT:
        return f"best ratio of hindsight, {row.ratio:.1f}"
    return METHODS[row.method].label


def _percent(share: float, width: int) -> str:
    return f"{100 * share:{width - 2}.2f} %"


def decision_lines(times: Iterable[DecisionTime]) -> Iterator[str]:
    """A line for each size of room."""
    yield "\nA decision of Paceline, in the median"
    for entry in times:
        place = f"{entry.agents} agents, {entry.lines} lines"
        took = f"{entry.decision_us:7.0f} µs, {entry.snapshots:.1f} times the building of its snapshot"
        yield f"  {place:{NAME_WIDTH - 2}}{took}"


def verdict_lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line for each promise, and the count of those that were missed."""
    yield "\nPromises"
    for verdict in verdicts:
        word = "PASS" if verdict.kept else "MISS"
        sign = "≤" if verdict.at_most else "≥"
        numbers = f"{verdict.reached:.4g}, wanted {sign} {verdict.wanted:.4g}"
        yield f"  {word}  {verdict.scenario:24}{verdict.promise:30}{numbers}"
    missed = sum(not verdict.kept for verdict in verdicts)
    yield f"\n{len(verdicts) - missed} of {len(verdicts)} promises kept."
