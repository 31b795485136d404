"""``manage.py classify_leads``: class leads by where they may be, after the data on places changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from campaigns.services.classify_leads import classify_stale


class Command(BaseCommand):
    """Runs by itself every hour; by hand it spares the wait."""

    help = "Class the leads that have no window class yet, or one of earlier data on places."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many leads changed."""
        self.stdout.write(f"{classify_stale():,} leads classed.")
