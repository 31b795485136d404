"""Reading call records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from campaigns.choices import Outcome

from .models import Call

HISTORY_CALLS = 5
"""16 CFR 310.4(b)(4)(i) measures abandonment a campaign over 30 days."""


def lead_histories(leads: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The last calls of each lead, newest first, as the console shows them."""
    ranked = (
        Call.objects.filter(lead_id__in=leads, ended_at__isnull=False)
        .annotate(rank=Window(RowNumber(), partition_by=F("lead_id"), order_by=F("placed_at").desc()))
        .filter(rank__lte=HISTORY_CALLS)
        .select_related("disposition", "agent")
        .order_by("-placed_at")
    )
    histories: dict[int, list[dict[str, Any]]] = {}
    for call in ranked:
        entry = {
            "at": call.placed_at.timestamp(),
            "outcome": call.get_outcome_display(),
            "disposition": call.disposition.name if call.disposition else "",
            "agent": call.agent.display_name if call.agent else "",
            "notes": call.notes[:500],
        }
        histories.setdefault(call.lead_id or 0, []).append(entry)
    return histories


def campaign_counts(campaign: int, since: datetime, counted_since: datetime) -> dict[str, Any]:
    """Counts since ``since`` by outcome, and the abandonment account of the legal window."""
    calls = Call.objects.filter(campaign_id=campaign, placed_at__gte=since)
    outcomes = dict(calls.exclude(outcome="").values_list("outcome").annotate(n=Count("id")))
    account = Call.objects.filter(campaign_id=campaign, answered_at__gte=counted_since).aggregate(
        answered=Count("id", filter=~Q(outcome=Outcome.MACHINE)),
        abandoned=Count("id", filter=Q(outcome=Outcome.ABANDONED)),
    )
    return {
        "placed": calls.count(),
        "answered": calls.filter(answered_at__isnull=False).count(),
        "connected": calls.filter(connected_at__isnull=False).count(),
        "abandoned": outcomes.get(Outcome.ABANDONED, 0),
        "outcomes": outcomes,
        "answered_30d": account["answered"],
        "abandoned_30d": account["abandoned"],
    }
