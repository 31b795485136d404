"""Pace simulated days with Paceline and with the field's methods, and say what came of each.

    ./paceline bench pacing                          every room, some ten minutes on two idle cores
    ./paceline bench pacing --small                  four rooms, a minute and a half
    ./paceline bench pacing --only sales-20,steps --seeds 8
    ./paceline bench pacing --json > figures.json
    ./paceline bench pacing --results figures.json --plot pacing.svg

Occupancy is talk and wrap-up over signed-in time; abandoned is the share of people who answered and met nobody for
two seconds; idle is how long an agent waited for a call. Ends with 1 where Paceline misses a promise.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import days, decisions
from .methods import HINDSIGHT, METHODS, OURS
from .plot import plot
from .report import Report, optima_of
from .scenarios import SCENARIOS

NAMES = tuple(scenario.name for scenario in SCENARIOS)
ALL_METHODS = (*(name for name in METHODS if name != OURS), HINDSIGHT, OURS)
SMALL = ("memoryless-5", "memoryless-20", "small-room", "sales-20")
SEEDS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure or read, then print and draw."""
    options = _options(arguments)
    report = _read(options.results) if options.results else _measure(options)
    print(report.to_json() if options.json else report.text())
    if options.plot:
        options.plot.write_text(plot(report.figures, report.optima))
    return 1 if report.missed else 0


def _measure(options: argparse.Namespace) -> Report:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    jobs = days.jobs_for(options.only, options.methods, options.seeds, options.hours)
    figures = days.measure(jobs, options.processes)
    rows = [figures[name, method] for name in options.only for method in options.methods]
    print("timing decisions …", file=sys.stderr, flush=True)
    times = decisions.measure() if OURS in options.methods else []
    return Report(rows, optima_of(options.only), times)


def _read(path: Path) -> Report:
    try:
        return Report.read(path.read_text())
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: {error}") from error


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench pacing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    methods = f"of {', '.join(ALL_METHODS)}"
    parser.add_argument("--only", type=_some_of(NAMES), metavar="ROOM,…", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--methods", type=_some_of(ALL_METHODS), metavar="METHOD,…", help=methods)
    parser.add_argument("--seeds", type=_count, help=f"days for each method and room ({SEEDS})")
    parser.add_argument("--hours", type=float, help="no more hours a day than these")
    parser.add_argument("--small", action="store_true", help=f"only {', '.join(SMALL)}")
    parser.add_argument("--processes", type=_count, default=os.cpu_count())
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write the plot as SVG")
    parser.add_argument(
        "--results", type=Path, metavar="FILE", help="read an earlier --json; measure nothing"
    )
    options = parser.parse_args(arguments)
    options.methods = options.methods or ALL_METHODS
    options.only = options.only or (SMALL if options.small else NAMES)
    options.seeds = options.seeds or SEEDS
    return options


def _some_of(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """Reads names divided by commas."""

    def read(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"no {', '.join(unknown)} here; there are {', '.join(known)}")
        return names

    return read


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


if __name__ == "__main__":
    sys.exit(main())
