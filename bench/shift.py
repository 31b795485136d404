"""The whole product for a while, and what virtual time says of the same settings.

    python -m bench.shift                                30 agents, 20 minutes
    python -m bench.shift --agents 10 --minutes 5
    python -m bench.shift --json

A drill on scratch data: real SIP to the practice carrier, real WebRTC to practice agents, predictive pacing at 3 %.
Afterwards shifts are simulated from the drill's own call records. Verdict: occupancy and abandoned share of both within
two points. Wants a machine that does nothing else: 30 agents, their people and the product take about one core.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
LEADS_A_MINUTE = 8
"""For each agent: more than can be dialed."""
AREAS = (212, 315, 332, 347, 516, 518, 585, 607, 631, 646, 680, 716)
"""All in New York: one calling window for everybody."""
EXCHANGES, ENDINGS = range(200, 900), 100
ONE_IN_NEW_YORK = "2026-11-21T18:00"
TALK_S, WRAPUP_S = "6-60", "2-6"
POINTS = 0.02
SEED = 1


def main() -> int:
    """Exit status 0 where both figures are within ``POINTS``, and every count of the drill reconciles."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agents", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    options = parser.parse_args()
    figures = drill(options.agents, options.minutes)
    apart = {
        name: round(abs(figures[name] - figures[f"predicted_{name}"]), 4)
        for name in ("occupancy", "abandoned_share")
    }
    kept = figures["reconciled"] and all(value <= POINTS for value in apart.values())
    if options.json:
        print(json.dumps(figures | {"apart": apart, "within_two_points": kept}))
    else:
        for name, value in apart.items():
            print(
                f"{name:16s} {figures[name]:.2%}, predicted {figures[f'predicted_{name}']:.2%}, apart {value:.2%}"
            )
        print("PASS" if kept else "MISS")
    return 0 if kept else 1


def drill(agents: int, minutes: float) -> dict[str, Any]:
    """Run it; returns its figures."""
    with tempfile.TemporaryDirectory(prefix="paceline-shift-") as folder:
        leads = Path(folder) / "leads.csv"
        write_leads(leads, int(agents * minutes * LEADS_A_MINUTE))
        command = [sys.executable, str(PROJECT / "manage.py"), "drill", "--leads", str(leads)]
        command += ["--agents", str(agents), "--seconds", str(minutes * 60), "--at", ONE_IN_NEW_YORK]
        command += ["--talk", TALK_S, "--wrap", WRAPUP_S, "--lines", "400", "--predict", "--json"]
        done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def write_leads(path: Path, count: int) -> None:
    """So many numbers, every ending of the practice plan equally often; the practice carrier alone is called."""
    places = [(area, exchange) for area in AREAS for exchange in EXCHANGES]
    numbers = [
        f"+1{area}{exchange}{index % ENDINGS:02}{ending:02}"
        for index, (area, exchange) in enumerate(places)
        for ending in range(ENDINGS)
    ]
    chosen = random.Random(SEED).sample(numbers, min(count, len(numbers)))
    path.write_text("Phone\n" + "\n".join(chosen) + "\n")


if __name__ == "__main__":
    sys.exit(main())
