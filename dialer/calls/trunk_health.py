"""How a trunk does, from the calls that went over it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from campaigns.choices import Outcome

from .models import Call, Trunk

LOOK_BACK = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TrunkHealth:
    """The last hour of a trunk."""

    calls: int
    live: int
    answered: int
    failed: int
    last_call_at: dt.datetime | None
    codes: tuple[tuple[int, int], ...]
    """SIP code → calls that it ended, the most frequent first."""


def trunk_health(trunk: Trunk, now: dt.datetime) -> TrunkHealth:
    """Two queries."""
    calls = Call.objects.filter(trunk=trunk, placed_at__gte=now - LOOK_BACK)
    totals = calls.aggregate(
        calls=Count("id"),
        live=Count("id", filter=Q(ended_at=None)),
        answered=Count("id", filter=~Q(answered_at=None)),
        failed=Count("id", filter=Q(outcome=Outcome.FAILED)),
        last_call_at=Max("placed_at"),
    )
    codes = (
        calls.exclude(sip_code=None)
        .values_list("sip_code")
        .annotate(n=Count("id"))
        .order_by("-n", "sip_code")
    )
    return TrunkHealth(**totals, codes=tuple((code or 0, count) for code, count in codes[:8]))
