"""``manage.py why NUMBER``: why a number was called or refused, and when it may next be called."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.organisations import find_organisation
from accounts.models import Organisation
from campaigns.models import Campaign
from compliance.clock import gate_now
from compliance.numbers import normalise
from reporting.why.story import tell
from reporting.why.text import lines


class Command(BaseCommand):
    """Reads decisions, calls and leads; asks the gate, and writes nothing."""

    help = "Tell why a number was called or refused, and when it may next be called."

    def add_arguments(self, parser: CommandParser) -> None:
        """The number in any form, and what narrows it down."""
        parser.add_argument("number", help="as you would dial it, or +12025550123")
        parser.add_argument("--organisation", metavar="NAME", help="needed where there are several")
        parser.add_argument(
            "--campaign", metavar="NAME", help="only this one, also where it is no lead of it"
        )
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the story."""
        organisation = find_organisation(options["organisation"])
        number = normalise(options["number"], organisation.country)
        if number is None:
            raise CommandError(f"“{options['number']}” is no phone number. Write it as +12025550123.")
        campaign = _find_campaign(organisation, options["campaign"]) if options["campaign"] else None
        zone = ZoneInfo(organisation.time_zone)
        with timezone.override(zone):
            story = tell(organisation.pk, number, gate_now(), campaign)
        if options["json"]:
            self.stdout.write(msgspec.json.format(msgspec.json.encode(story)).decode())
            return
        for line in lines(story, organisation.name, zone):
            self.stdout.write(line)


def _find_campaign(organisation: Organisation, name: str) -> int:
    try:
        return Campaign.objects.get(organisation=organisation, name=name).pk
    except Campaign.DoesNotExist:
        raise CommandError(f"There is no campaign “{name}” in {organisation.name}.") from None
