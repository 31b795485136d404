"""The product with practice calls, for a first look."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

OFFICE = ZoneInfo("America/New_York")
OPEN_HOUR, CLOSE_HOUR, PRACTICE_HOUR = 12, 20, 13
"""Between these hours in New York every practice lead may be called; outside them the practice clock says 13."""


class Command(BaseCommand):
    """Prepare the practice organisation, then become ``up`` with carrier and practice agents."""

    help = "Start everything with a practice carrier, 1,000 practice leads and six practice agents."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much practice."""
        parser.add_argument("--practice-agents", type=int, default=6, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, seed, import, print the sign-ins, start."""
        self.stdout.write("[demo] preparing the database")
        call_command("migrate", interactive=False, verbosity=0)
        count = options["practice_agents"]
        # Nothing runs yet that could hear of the campaign; a warning would only worry a newcomer.
        logging.getLogger("campaigns.events").setLevel(logging.ERROR)
        call_command("seed_demo", practice_agents=count, campaign_running=True)
        offset = practice_offset(datetime.now(OFFICE))
        welcome = Path(settings.DATA_DIR) / "welcome.txt"
        descriptor = os.open(welcome, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(_welcome(offset))
        sys.stdout.flush()
        environment = {**os.environ, "PACELINE_GATE_OFFSET_S": str(offset.total_seconds())}
        manage = str(Path(settings.BASE_DIR) / "manage.py")
        command = [
            sys.executable,
            manage,
            "up",
            "--carrier",
            "--practice-agents",
            str(count),
            "--welcome",
            str(welcome),
        ]
        os.execve(sys.executable, command, environment)  # noqa: S606


def practice_offset(now: datetime) -> timedelta:
    """How far the gate's clock is set for practice: not at all while all practice leads may be called."""
    if OPEN_HOUR <= now.hour < CLOSE_HOUR:
        return timedelta(0)
    noon = now.replace(hour=PRACTICE_HOUR, minute=0, second=0, microsecond=0)
    return noon - now


def _welcome(offset: timedelta) -> str:
    accounts = json.loads((Path(settings.DATA_DIR) / "demo_accounts.json").read_text())
    address = f"http://{settings.HTTP_HOST}:{settings.HTTP_PORT}/"
    lines = ["", f"  Open {address} and sign in:", ""]
    lines += [f"    {role:<15} {who['username']:<15} {who['password']}" for role, who in accounts.items()]
    if offset:
        hours = offset.total_seconds() / 3600
        lines += ["", f"  It is night for some leads: the gate's practice clock is set {hours:+.1f} h."]
        lines += ["  It is honoured for the practice carrier on this machine only."]
    return "\n".join([*lines, "", ""])
