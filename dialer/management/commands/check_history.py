"""``manage.py check_history``: whether the engine kept its promises, by all that was seen and written."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.organisations import find_organisation
from accounts.models import Organisation
from dialer.engine.history.check import check_history
from dialer.engine.history.reading import Scope

SHOWN = 50
"""Of each promise; all are counted."""


class Command(BaseCommand):
    """Only reads. Ends with 1 where a promise was broken."""

    help = (
        "Hold all calls, dials and agents' states against what the engine promises: no lead in two calls, no agent "
        "with two people, no dial without a permit or under a stale epoch, one fate for each answer, one account."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose history, and how much of it."""
        parser.add_argument("--organisation", metavar="NAME", help="needed where there are several")
        parser.add_argument(
            "--since", metavar="DAY", help="only calls from 2026-11-22 or 2026-11-22T14:00 on"
        )
        parser.add_argument(
            "--at-rest", action="store_true", help="nothing runs: calls that have not ended are faults too"
        )
        parser.add_argument("--json", action="store_true", help="for programs: one object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was broken, and how often."""
        organisation = find_organisation(options["organisation"])
        scope = Scope(organisation.pk, _since(options["since"], organisation))
        found: Counter[str] = Counter()
        for violation in check_history(scope, options["at_rest"]):
            found[violation.rule] += 1
            if options["json"]:
                self.stdout.write(json.dumps(asdict(violation)))
            elif found[violation.rule] <= SHOWN:
                self.stdout.write(str(violation))
        if found:
            told = ", ".join(f"{rule}: {times}" for rule, times in found.items())
            raise CommandError(f"{found.total()} faults. {told}.")
        if not options["json"]:
            self.stdout.write(
                f"{scope.calls().count()} calls of {organisation.name}: every promise was kept."
            )


def _since(text: str | None, organisation: Organisation) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is no time. Write it as 2026-11-22 or 2026-11-22T14:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(organisation.time_zone))
