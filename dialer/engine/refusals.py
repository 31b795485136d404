"""Today's refusals of a campaign by reason, for the floor."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

from django.db import Error as DatabaseError
from django.db.models import Count

from compliance.models import Decision

from . import database

EVERY_S = 5.0
WINDOW = timedelta(hours=24)


class RefusalCounts:
    """Counts of the last 24 hours, read again every ``EVERY_S`` seconds."""

    def __init__(self, campaign: int) -> None:
        self.campaign = campaign
        self.today: dict[str, int] = {}
        self._read_at = 0.0

    async def refresh(self, now: float) -> None:
        """Read again when due; the old counts stay while the database is away."""
        if now - self._read_at >= EVERY_S:
            self._read_at = now
            with contextlib.suppress(DatabaseError):
                self.today = await database.read(count_refusals, self.campaign)


def count_refusals(campaign: int) -> dict[str, int]:
    """Reason → how often in the last 24 hours."""
    since = datetime.now(UTC) - WINDOW
    rows = Decision.objects.filter(campaign=campaign, at__gte=since).exclude(reason="").values_list("reason")
    return dict(rows.annotate(n=Count("id")).order_by())
