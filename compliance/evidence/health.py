"""What a supervisor has to know of the record of decisions."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..models import ChainCheck

CHECKED_EVERY = timedelta(days=1)
OVERDUE_AFTER = 3 * CHECKED_EVERY
"""A check that failed to run once is made up for the next day."""


def problems(organisation_id: int, now: datetime) -> list[str]:
    """Sentences for the floor: the chain is broken, or was not checked for long. One query."""
    check = ChainCheck.objects.filter(organisation=organisation_id).order_by("-at", "-id").first()
    if check is None:
        return []
    if check.finding:
        found = check.get_finding_display().lower()
        return [
            f"The record of decisions is not intact at decision {check.found_at:,}: {found}. "
            "Keep the database as it is, and compare it with a backup."
        ]
    if now - check.at > OVERDUE_AFTER:
        return [f"The record of decisions was last checked on {check.at:%d %b}. See that the worker runs."]
    return []
