"""A simulation as its page shows it: figures side by side, plots over the shift, in words and looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from accounts.line_plots import TONES, Lines, lines_plot
from campaigns.choices import Method
from reporting.choices import SimulationStatus
from reporting.looks import Look
from reporting.models import Simulation

from .outcome import Course, Outcome
from .plan import PACED, settings_of
from .values import Plan, Settings
from .words import NONE, ROWS, Cell, Row, cell, table

STATUS_LOOKS: dict[str, Look] = {
    SimulationStatus.WAITING: Look("hold", "hourglass", "Waiting"),
    SimulationStatus.RUNNING: Look("accent", "play", "Running"),
    SimulationStatus.DONE: Look("good", "check", "Done"),
    SimulationStatus.FAILED: Look("bad", "alert", "Failed"),
    SimulationStatus.CANCELLED: Look("", "stop", "Cancelled"),
}
TILES = ("occupancy", "abandoned_share", "wait_mean_s", "connected", "lines_p95")
"""What a supervisor looks for first."""
HOUR_S, MINUTE_S = 3600, 60
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Side:
    """One side's settings in words."""

    name: str
    tone: str
    agents: int
    method: str
    target: str
    ratio: str
    lines: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the first "what if", compared with now."""

    row: Row
    cell: Cell
    before: str
    warns: bool


def context(simulation: Simulation) -> dict[str, Any]:
    """What the template needs beside the simulation itself."""
    plan = msgspec.convert(simulation.scenario, Plan)
    outcomes = msgspec.convert(simulation.results, tuple[Outcome, ...])
    found: dict[str, Any] = {
        "plan": plan,
        "shift": shift_words(plan),
        "sides": [
            side_words(settings_of(variant), tone)
            for variant, tone in zip(plan.variants, TONES, strict=False)
        ],
        "look": STATUS_LOOKS[simulation.status],
    }
    if outcomes:
        found |= {
            "tiles": _tiles(plan, outcomes),
            "compared": outcomes[1].name if len(outcomes) > 1 else "",
            "rows": table(outcomes),
            "plots": _plots(plan, outcomes),
            "explained": [
                (outcome.name, [(_clock(plan, at_s), words) for at_s, words in outcome.explained])
                for outcome in outcomes
                if outcome.explained
            ],
        }
    return found


def shift_words(plan: Plan) -> str:
    """Such as "4 hours from 9:00, 3 days"."""
    hours, days = plan.variants[0].hours, len(plan.seeds)
    return (
        f"{hours:g} hour{'' if hours == 1 else 's'} from {plan.starts_hour}:00, "
        f"{days} day{'' if days == 1 else 's'}"
    )


def side_words(settings: Settings, tone: str = "") -> Side:
    """Settings as tables show them: a dash for what the method does not heed."""
    method = Method(settings.method)
    return Side(
        name=settings.name,
        tone=tone,
        agents=settings.agents,
        method=PACED[method],
        target=f"{PERCENT * settings.target:g} %" if method is Method.PREDICTIVE else NONE,
        ratio=f"{settings.dial_ratio:g}" if method is Method.RATIO else NONE,
        lines=settings.line_limit,
    )


def _tiles(plan: Plan, outcomes: Sequence[Outcome]) -> list[Tile]:
    first, shown = outcomes[0], outcomes[min(1, len(outcomes) - 1)]
    limit = plan.variants[min(1, len(outcomes) - 1)].abandon_limit
    rows = {row.figure: row for row in ROWS}
    return [
        Tile(
            row=rows[name],
            cell=cell(rows[name], shown, first if shown is not first else None),
            before=rows[name].words(first) if shown is not first else "",
            warns=name == "abandoned_share" and rows[name].value(shown) > limit,
        )
        for name in TILES
    ]


def _plots(plan: Plan, outcomes: Sequence[Outcome]) -> list[Lines]:
    labels = [_clock(plan, place * outcomes[0].course.step_s) for place in range(_length(outcomes))]
    limit = PERCENT * max(variant.abandon_limit for variant in plan.variants)

    def plot(title: str, read: Callable[[Course], Sequence[float | None]], scale: int, **more: Any) -> Lines:
        series = [(outcome.name, _scaled(read(outcome.course), scale)) for outcome in outcomes]
        return lines_plot(title, labels, series, **more)

    return [
        plot("Occupancy", lambda course: course.occupancy, PERCENT, unit=" %", top=100.0),
        plot(
            "Abandoned since the shift began",
            lambda course: course.abandoned,
            PERCENT,
            unit=" %",
            limit=limit,
        ),
        plot("Agents' wait before a call", lambda course: course.wait_s, 1, unit=" s"),
        plot("Lines dialing, ringing or waiting", lambda course: course.lines, 1),
    ]


def _length(outcomes: Sequence[Outcome]) -> int:
    return max(len(outcome.course.occupancy) for outcome in outcomes)


def _scaled(values: Sequence[float | None], scale: int) -> list[float | None]:
    return [None if value is None else value * scale for value in values]


def _clock(plan: Plan, at_s: float) -> str:
    """The time of the day so many seconds into the shift."""
    minutes = plan.starts_hour * MINUTE_S + int(at_s) // MINUTE_S
    return f"{minutes // MINUTE_S % 24}:{minutes % MINUTE_S:02}"
