"""One pacing daemon on one core with 40 campaigns of 25 agents, in real time, in one JSON object.

    ./paceline bench engine [--json] [--small] [--seconds 60] [--campaigns 40] [--agents 25]

The daemon, Redis, database and gate are the product's own; a line node, a media node and the agents are simulated
over the bus, on the other cores. Real rates: with 1,000 agents some 30 dials and 7 joined calls a second. An answer is
counted from the line node's sending it to its getting the command to bridge the call, for calls answered while an
agent was ready; beside it stands a bare echo over Redis streams between the same two cores. Then the daemon dies
twice: with another standing by, and with none. Takes about six minutes; other load on the machine shows in every
figure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

INDENT = 2


def main() -> int:
    """Measure; 0 where every limit holds. Nothing of the real installation is touched."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # So that what was started here is ended.
    with tempfile.TemporaryDirectory(prefix="paceline-bench-", dir="/tmp") as home:
        _set_up(Path(home))
        from bench.engine.figures import passed
        from bench.engine.measure import SMALL, Size, measure

        asked = Size(options.campaigns, options.agents, options.seconds, options.warm_up)
        size = SMALL if options.small else asked
        figures = asyncio.run(measure(Path(home), size))
    print(json.dumps(figures, indent=None if options.json else INDENT))
    return 0 if passed(figures) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench engine", description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="10 campaigns of 10 agents for 20 seconds")
    parser.add_argument("--campaigns", type=int, default=40)
    parser.add_argument("--agents", type=int, default=25, help="in each campaign")
    parser.add_argument("--seconds", type=float, default=60.0, help="that are measured, after the warm-up")
    parser.add_argument(
        "--warm-up", type=float, default=180.0, help="seconds in which agents join and talks spread"
    )
    parser.add_argument("--json", action="store_true", help="on one line")
    return parser.parse_args()


def _set_up(home: Path) -> None:
    """An environment of its own, which every process inherits, and the tables."""
    for name in ("DATABASE_URL", "REDIS_URL", "PACELINE_SECRET_KEY", "PACELINE_BUS_SECRET", "PACELINE_NODE"):
        os.environ.pop(name, None)
    from bench.engine.installation import gate_offset_s

    os.environ |= {
        "PACELINE_DATA": str(home),
        "PACELINE_GATE_OFFSET_S": str(gate_offset_s()),
        "PACELINE_LOG_LEVEL": os.environ.get("PACELINE_LOG_LEVEL", "WARNING"),
        "DJANGO_SETTINGS_MODULE": "dialer.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
