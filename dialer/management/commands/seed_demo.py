"""``manage.py seed_demo``: an installation to practise with. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from campaigns.choices import CampaignStatus
from campaigns.importing.report import summary_lines
from campaigns.services.campaign_status import NotReady, start_campaign
from dialer.practice import seeding


class Command(BaseCommand):
    """Makes what is missing and leaves the rest as it is."""

    help = "Make the practice organisation with people, trunk, registry, campaign and 1,000 fictional leads."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much of it."""
        parser.add_argument(
            "--practice-agents", type=int, default=0, metavar="N", help="agents that work by themselves"
        )
        parser.add_argument("--campaign-running", action="store_true", help="start the practice campaign")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, and print the passwords once."""
        organisation, accounts, new = seeding.seed_people()
        seeding.seed_practice_agents(organisation, options["practice_agents"])
        seeding.seed_registry(organisation)
        campaign = seeding.seed_campaign(organisation)
        job = seeding.seed_leads(organisation)
        if job is not None:
            for line in summary_lines(job):
                self.stdout.write(line)
        if options["campaign_running"] and campaign.status != CampaignStatus.RUNNING:
            administrator = User.objects.get(username="administrator", organisation=organisation)
            try:
                start_campaign(campaign.pk, administrator)
            except NotReady as missing:
                raise CommandError(str(missing)) from missing
        if new:
            for who in accounts.values():
                self.stdout.write(f"{who['username']:<15} {who['password']}")
