"""The check an operator makes of an installation."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.choices import Method
from campaigns.services.campaign_status import NotReady
from compliance.choices import ConsentNeed, Purpose
from dialer.drill.figures import problems
from dialer.drill.prediction import predict
from dialer.drill.rules import KINDS, parse_list
from dialer.drill.run import run
from dialer.drill.scratch import BadDrill, environment, gate_offset, parse_trunk
from dialer.drill.setup import Plan, prepare


class Command(BaseCommand):
    """Run a campaign on scratch data with practice agents; exit status 1 where something does not reconcile."""

    help = (
        "Run the leads of a file through a trunk (the practice carrier by default) and reconcile every count."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to run."""
        parser.add_argument("--leads", type=Path, required=True, metavar="FILE.csv")
        parser.add_argument("--agents", type=int, default=6, metavar="N")
        parser.add_argument("--trunk", metavar="sip:HOST:PORT", help="default: the practice carrier")
        parser.add_argument(
            "--at", metavar="TIME", help="the gate's clock at the start; loopback trunks only"
        )
        parser.add_argument("--seconds", type=float, default=600.0, metavar="S", help="at most this long")
        parser.add_argument("--method", choices=Method.values, default=Method.PREDICTIVE)
        parser.add_argument("--talk", default="3-8", metavar="A-B", help="seconds that agents talk")
        parser.add_argument("--wrap", default="0.5-1.5", metavar="A-B", help="seconds of wrap-up")
        parser.add_argument("--lines", type=int, default=200, help="line limit of the campaign")
        parser.add_argument(
            "--cps", type=float, default=0.0, help="calls a second that the trunk takes; 0: any"
        )
        parser.add_argument(
            "--delay-scale",
            type=float,
            default=1.0,
            metavar="X",
            help="practice far ends answer X times as late",
        )
        _add_rules(parser)
        parser.add_argument(
            "--predict", action="store_true", help="hold occupancy and abandoned share against virtual time"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument(
            "--inside", action="store_true", help="used by the drill itself, on its scratch data"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Outside: make the scratch and go in. Inside: run."""
        if options["inside"]:
            self._inside(options)
        else:
            self._outside(options)

    def _outside(self, options: dict[str, Any]) -> None:
        for path in filter(None, (options["leads"], options["consents"], options["reassigned"])):
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        if options["agents"] < 1 or options["seconds"] <= 0:
            raise CommandError("--agents and --seconds must be more than 0.")
        if options["delay_scale"] < 0:
            raise CommandError("--delay-scale must not be negative.")
        try:
            if options["trunk"]:
                parse_trunk(options["trunk"])
            for text in options["lists"]:
                parse_list(text)
            offset = gate_offset(options["at"], options["trunk"], datetime.now(UTC))
        except BadDrill as error:
            raise CommandError(str(error)) from error
        # SIGTERM as an exception: the inner process is ended and the scratch removed, as by Ctrl-C.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        with tempfile.TemporaryDirectory(prefix="paceline-drill-", ignore_cleanup_errors=True) as home:
            command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *sys.argv[1:], "--inside"]
            done = subprocess.run(command, env=environment(Path(home), offset))  # noqa: S603
        sys.exit(done.returncode)

    def _inside(self, options: dict[str, Any]) -> None:
        names = (
            "leads",
            "agents",
            "trunk",
            "seconds",
            "method",
            "talk",
            "wrap",
            "lines",
            "cps",
            "delay_scale",
            "purpose",
            "consents",
            "consent_need",
            "reassigned",
        )
        try:
            lists = tuple(parse_list(text) for text in options["lists"])
            plan = Plan(**{name: options[name] for name in names}, lists=lists)
            campaign = prepare(plan)
            figures = asyncio.run(run(plan, campaign, self._say))
        except (BadDrill, NotReady) as error:
            raise CommandError(str(error)) from error
        if options["predict"]:
            figures |= predict(campaign, plan.agents, figures["paced_seconds"])
        wrong = problems(figures)
        figures["reconciled"] = not wrong
        indent = None if options["json"] else 2
        self.stdout.write(json.dumps(figures, indent=indent))
        for text in wrong:
            self.stderr.write(f"[drill] {text}")
        sys.exit(1 if wrong else 0)

    def _say(self, text: str) -> None:
        self.stderr.write(f"[drill] {text}")


def _add_rules(parser: CommandParser) -> None:
    """What the leads are held against besides hours and attempts."""
    rules = parser.add_argument_group("rules")
    rules.add_argument("--purpose", choices=Purpose.values, default=Purpose.INFORMATION)
    rules.add_argument(
        "--list",
        action="append",
        default=[],
        dest="lists",
        metavar="KIND=FILE",
        help=f"state:FL=FILE for a state's registry; kinds: {', '.join(sorted(KINDS))}; repeatable",
    )
    rules.add_argument("--consents", type=Path, metavar="FILE.csv")
    rules.add_argument("--consent-need", choices=ConsentNeed.values, default=ConsentNeed.LAW)
    rules.add_argument(
        "--reassigned", type=Path, metavar="FILE.csv", help='answers of the database; only "no" permits'
    )
