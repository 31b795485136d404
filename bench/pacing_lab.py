"""Compare pacing methods in simulated rooms.

    python -m bench.pacing_lab                                every room, predictive beside progressive and ratios
    python -m bench.pacing_lab --rooms small,floor --seeds 3
    python -m bench.pacing_lab --methods predictive,ratio:1.5

Occupancy is talk and wrap-up over signed-in time; abandoned is the share of people who answered and met nobody.
Bounded: one room takes some ten seconds of a core for each simulated hour of twenty agents.
"""

from __future__ import annotations

import argparse
import math
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from statistics import mean

from bench.pacing.room import Plan, Room, Tally
from dialer.pacing import Pacer, make_pacer

ROOMS = {
    "pair": Plan(agents=2, hours=4),
    "small": Plan(agents=8, hours=4),
    "sales": Plan(agents=20, hours=2),
    "floor": Plan(agents=60, hours=1, people=0.3),
    "collections": Plan(
        agents=30, hours=1, people=0.12, talks=((0.5, 8, 0.5), (0.5, 240, 0.9)), wrapup=(30, 0.7)
    ),
    "steps": Plan(agents=20, hours=2, people_at=lambda t: 0.15 if (t // 2400) % 2 else 0.35),
    "waves": Plan(agents=15, hours=2, people_at=lambda t: 0.25 + 0.12 * math.sin(t / 1800)),
    "breaks": Plan(agents=15, hours=2, crew_at=lambda t: 9 if (t // 1200) % 2 else 15),
    "few-lines": Plan(agents=20, hours=2, line_limit=22),
    "detection": Plan(agents=20, hours=2, detection_s=1.2),
    "short-talk": Plan(agents=15, hours=1, talks=((1.0, 15, 0.7),), wrapup=(5, 0.5)),
    "long-talk": Plan(agents=15, hours=4, talks=((1.0, 600, 0.7),), wrapup=(60, 0.5)),
}
METHODS = "predictive,progressive,ratio:1.5,ratio:2.5"
ABANDON_LIMIT = 0.03


def pacer_of(method: str) -> Pacer:
    """``ratio:2.5`` is the method ratio with 2.5 lines a ready agent."""
    name, _, ratio = method.partition(":")
    options = {"ratio": float(ratio)} if ratio else {}
    return make_pacer(name, abandon_limit=ABANDON_LIMIT, **options)


def day(job: tuple[str, str, int]) -> Tally:
    """One simulated day."""
    room, method, seed = job
    return Room(ROOMS[room], pacer_of(method), seed).run()


def report(room: str, method: str, days: list[Tally]) -> str:
    """One line a room and method: the mean over its days."""
    decision_us = 1e6 * sum(tally.decided_s for tally in days) / sum(tally.decisions for tally in days)
    return (
        f"{room:12} {method:12} occupancy {mean(tally.occupancy for tally in days):.4f}  "
        f"abandoned {mean(tally.abandoned_share for tally in days):.4f}  "
        f"worst hour {max(tally.worst_hour for tally in days):.3f}  "
        f"most lines {max(tally.most_lines for tally in days):4}  decision {decision_us:.0f} us"
    )


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--methods", default=METHODS)
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    rooms, methods = arguments.rooms.split(","), arguments.methods.split(",")
    unknown = set(rooms) - set(ROOMS)
    if unknown:
        parser.error(f"no such room: {', '.join(sorted(unknown))}; there are {', '.join(ROOMS)}")
    with ProcessPoolExecutor() as pool:
        for room, method in product(rooms, methods):
            days = list(pool.map(day, [(room, method, seed) for seed in range(arguments.seeds)]))
            print(report(room, method, days), flush=True)


if __name__ == "__main__":
    main()
