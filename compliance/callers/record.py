"""What the results of a caller ID say of it: blocked calls and answer rates, as the table of rests asks for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum

from ..models import CallerDay, CallerId, CallerResult
from .pool import day_at
from .resting import (
    BASE_DAYS,
    LONGEST_LOOK_BACK,
    RATE_CALLS_MAX,
    RATE_CALLS_MIN,
    Rate,
    Rest,
    rest_for_rate,
)


def recent_blocks(caller_id: CallerId, now: datetime) -> list[datetime]:
    """When its calls were blocked, as far back as a rule looks, and since somebody woke it."""
    since = now - LONGEST_LOOK_BACK
    if caller_id.counts_from is not None:
        since = max(since, caller_id.counts_from)
    rows = CallerResult.objects.filter(caller_id=caller_id, blocked=True, at__gt=since, at__lte=now)
    return list(rows.order_by("at").values_list("at", flat=True))


def rate_rest(caller_id: CallerId, now: datetime) -> Rest | None:
    """The rest that its answer rate asks for; calls before its last rest are not looked at again."""
    recent = _recent_rate(caller_id, now)
    if recent.calls < RATE_CALLS_MIN:
        return None
    first = day_at(now, caller_id.organisation.time_zone)[0] - timedelta(days=BASE_DAYS)
    days = CallerDay.objects.filter(day__gt=first)
    own = _sum(days.filter(caller_id=caller_id))
    usual = Rate(own.answered - recent.answered, own.calls - recent.calls)
    pool = _sum(days.filter(caller_id__organisation=caller_id.organisation_id))
    return rest_for_rate(recent, usual, pool, now)


def _recent_rate(caller_id: CallerId, now: datetime) -> Rate:
    rows = CallerResult.objects.filter(caller_id=caller_id, at__lte=now)
    for since in (caller_id.counts_from, caller_id.rests_until):
        if since is not None:
            rows = rows.filter(at__gt=since)
    answers = list(rows.order_by("-at").values_list("answered", flat=True)[:RATE_CALLS_MAX])
    return Rate(sum(answers), len(answers))


def _sum(days: QuerySet[CallerDay]) -> Rate:
    total = days.aggregate(answered=Sum("answered"), ended=Sum("ended"))
    return Rate(total["answered"] or 0, total["ended"] or 0)
