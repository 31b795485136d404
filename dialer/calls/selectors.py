"""Reading call records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


def campaign_counts(
    campaigns: Collection[int], since: datetime, counted_since: datetime
) -> dict[int, dict[str, Any]]:
    """Of each campaign the counts since ``since`` by outcome, and the abandonment account of the legal window."""
    found = {campaign: _no_counts() for campaign in campaigns}
    calls = Call.objects.filter(campaign__in=campaigns)
    today = calls.filter(placed_at__gte=since).values_list("campaign", "outcome")
    numbers = {"placed": Count("id"), "answered": Count("answered_at"), "connected": Count("connected_at")}
    for campaign, outcome, *counted in today.annotate(**numbers).order_by():
        counts = found[campaign]
        for name, number in zip(numbers, counted, strict=True):
            counts[name] += number
        if outcome:
            counts["outcomes"][outcome] = counted[0]
        if outcome == Outcome.ABANDONED:
            counts["abandoned"] = counted[0]
    account = calls.filter(answered_at__gte=counted_since).values_list("campaign")
    people, left = (
        Count("id", filter=~Q(outcome=Outcome.MACHINE)),
        Count("id", filter=Q(outcome=Outcome.ABANDONED)),
    )
    for campaign, answered, abandoned in account.annotate(people=people, left=left).order_by():
        found[campaign] |= {"answered_30d": answered, "abandoned_30d": abandoned}
    return found


def _no_counts() -> dict[str, Any]:
    names = ("placed", "answered", "connected", "abandoned", "answered_30d", "abandoned_30d")
    return {**dict.fromkeys(names, 0), "outcomes": {}}
