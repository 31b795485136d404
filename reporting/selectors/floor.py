"""The floor as the database knows it: a campaign that no daemon holds has no live figures, but starts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import TruncMinute

from accounts.models import Organisation
from campaigns.choices import Outcome
from campaigns.lawful import held_back, lawful_rules
from campaigns.models import Campaign
from compliance.choices import Purpose
from compliance.clock import gate_now
from compliance.health import problems
from compliance.law.abandonment import AbandonmentRule
from dialer.calls.choices import Stage
from dialer.calls.models import Call

GATE_KEPT_S = 2
"""With the floor's own look every 4 s a change is seen within 7 s."""
HOUR_MINUTES = 60
LIVE_STAGES = [stage for stage in Stage if stage is not Stage.ENDED]
ROW_FIELDS = ("id", "name", "method", "status", "line_limit")


def floor_rows(organisation_id: int) -> dict[str, Any]:
    """The campaigns by name with status and since when (Unix seconds) and the share of abandoned calls that they are
    held to; whether all dialing is stopped, and what troubles the gate.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    return {
        "campaigns": _campaigns(organisation),
        "stop": stopped(organisation),
        "gate": gate_problems(organisation_id),
    }


def _campaigns(organisation: Organisation) -> list[dict[str, Any]]:
    needed = (*ROW_FIELDS, "status_changed_at", "abandon_limit", "purpose")
    campaigns = list(Campaign.objects.filter(organisation=organisation).only(*needed).order_by("name"))
    rules = lawful_rules(organisation, {campaign.purpose for campaign in campaigns})
    return [_row(campaign, rules[campaign.purpose]) for campaign in campaigns]


def _row(campaign: Campaign, rule: AbandonmentRule) -> dict[str, Any]:
    return {
        **{name: getattr(campaign, name) for name in ROW_FIELDS},
        "since": _seconds(campaign.status_changed_at),
        "abandon_limit": min(campaign.abandon_limit, rule.limit),
        "measured_over": str(rule.window),
        "held_back": held_back(campaign, rule),
    }


def gate_problems(organisation_id: int) -> list[str]:
    """Sentences that say what keeps dials from being permitted, and the next step. Read at most every
    ``GATE_KEPT_S`` seconds, however many look.
    """
    found = cache.get_or_set(f"floor.gate.{organisation_id}", lambda: _gate(organisation_id), GATE_KEPT_S)
    return found or []


def _gate(organisation_id: int) -> list[str]:
    sells = Campaign.objects.filter(organisation=organisation_id, purpose=Purpose.SALES).exists()
    return problems(organisation_id, gate_now(), sells)


def stopped(organisation: Organisation) -> dict[str, Any] | None:
    """Since when and by whom all dialing is stopped."""
    if organisation.dialing_stopped_at is None:
        return None
    return {"at": _seconds(organisation.dialing_stopped_at), "by": organisation.dialing_stopped_by}


def count_live_calls(organisation_id: int) -> int:
    """Calls that have not ended, counted in the index of campaign and stage."""
    campaigns = Campaign.objects.filter(organisation=organisation_id).values("pk")
    return Call.objects.filter(campaign__in=campaigns, stage__in=LIVE_STAGES).count()


def last_hour(organisation_id: int, now: datetime) -> dict[str, Any]:
    """Counts of what was dialed in each of the last 60 whole minutes (Unix seconds), oldest first."""
    end = now.replace(second=0, microsecond=0)
    start = end - timedelta(minutes=HOUR_MINUTES)
    calls = Call.objects.filter(organisation=organisation_id, placed_at__gte=start, placed_at__lt=end)
    counted = (
        calls.order_by()
        .annotate(minute=TruncMinute("placed_at"))
        .values("minute")
        .annotate(
            placed=Count("id"),
            connected=Count("id", filter=Q(connected_at__isnull=False)),
            abandoned=Count("id", filter=Q(outcome=Outcome.ABANDONED)),
        )
    )
    by_minute = {
        row["minute"].timestamp(): (row["placed"], row["connected"], row["abandoned"]) for row in counted
    }
    minutes = [start.timestamp() + 60 * index for index in range(HOUR_MINUTES)]
    placed, connected, abandoned = zip(*(by_minute.get(minute, (0, 0, 0)) for minute in minutes), strict=True)
    return {"minutes": minutes, "placed": placed, "connected": connected, "abandoned": abandoned}


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None
