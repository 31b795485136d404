"""Searching the gate's decisions: filters, pages by place in the chain, and counts of refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet

from campaigns.models import Campaign
from compliance.evidence.places import places_between
from compliance.evidence.words import reason_label
from compliance.models import Decision

PAGE_DECISIONS = 50
PERMITTED = "permitted"
"""Stands for an empty reason in a search."""


@dataclass(frozen=True)
class DecisionSearch:
    """What is looked for, in a span of time (``until`` is not included); a field left empty does not matter."""

    since: datetime
    until: datetime
    campaign: int | None = None
    reason: str = ""
    """A value of ``Refused``, or ``PERMITTED``."""


class DecisionPage(NamedTuple):
    """Decisions, newest first, and the places behind which more are found; 0: none are."""

    decisions: list[Decision]
    newer: int
    older: int


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """How often a reason was given; ``share`` of the most frequent one, for a bar, in percent."""

    reason: str
    label: str
    count: int
    share: float


def search_decisions(organisation_id: int, search: DecisionSearch) -> QuerySet[Decision]:
    """The decisions that fit, unordered. Reads no further than the span's places in the chain."""
    first, last = places_between(organisation_id, search.since, search.until)
    found = Decision.objects.filter(
        organisation=organisation_id,
        sequence__gte=first,
        sequence__lte=last,
        at__gte=search.since,
        at__lt=search.until,
    )
    if search.campaign is not None:
        found = found.filter(campaign=search.campaign)
    if search.reason:
        found = found.filter(reason="" if search.reason == PERMITTED else search.reason)
    return found


def decision_page(found: QuerySet[Decision], *, older: int = 0, newer: int = 0) -> DecisionPage:
    """One page: behind ``older``, before ``newer``, or the newest. One query, one row more than is shown."""
    if newer:
        rows = list(found.filter(sequence__gt=newer).order_by("sequence")[: PAGE_DECISIONS + 1])
        shown = rows[:PAGE_DECISIONS][::-1]
        if not shown:
            return decision_page(found)
        return DecisionPage(shown, shown[0].sequence if len(rows) > PAGE_DECISIONS else 0, shown[-1].sequence)
    if older:
        found = found.filter(sequence__lt=older)
    rows = list(found.order_by("-sequence")[: PAGE_DECISIONS + 1])
    shown = rows[:PAGE_DECISIONS]
    first = shown[0].sequence if shown and older else 0
    return DecisionPage(shown, first, shown[-1].sequence if len(rows) > PAGE_DECISIONS else 0)


def refusal_counts(organisation_id: int, search: DecisionSearch) -> list[RefusalCount]:
    """Refusals of the span and campaign by reason, the most frequent first, whatever reason is looked for."""
    campaigns = Campaign.objects.filter(organisation=organisation_id)
    if search.campaign is not None:
        campaigns = campaigns.filter(pk=search.campaign)
    refused = Decision.objects.filter(
        campaign__in=list(campaigns.values_list("pk", flat=True)), at__gte=search.since, at__lt=search.until
    ).exclude(reason="")
    counted = list(refused.values_list("reason").annotate(n=Count("id")).order_by("-n", "reason"))
    most = counted[0][1] if counted else 1
    return [RefusalCount(reason, reason_label(reason), n, round(100 * n / most, 1)) for reason, n in counted]
