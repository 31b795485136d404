"""Where in a chain a moment lies: decisions are indexed by their place, and time only grows along it."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..models import Decision
from .verifying import head_of

MARGIN = timedelta(days=1)
"""How far a clock may have been set back: who reads a span of time adds it at both ends, and compares ``at`` itself."""


def places_between(organisation_id: int, since: datetime, until: datetime) -> tuple[int, int]:
    """The first and last place that may hold a decision of that time; about twenty index look-ups."""
    end = head_of(organisation_id).sequence
    first = _first_at(organisation_id, since - MARGIN, end)
    return first, _first_at(organisation_id, until + MARGIN, end)


def _first_at(organisation_id: int, moment: datetime, end: int) -> int:
    """The first place whose decision is not earlier than ``moment``; behind the end where none is."""
    low, high = 1, end + 1
    rows = Decision.objects.filter(organisation=organisation_id).order_by("sequence")
    while low < high:
        middle = (low + high) // 2
        at = rows.filter(sequence__gte=middle, sequence__lte=end).values_list("at", flat=True).first()
        if at is None or at >= moment:
            high = middle
        else:
            low = middle + 1
    return low
