"""Delete old events: they hold names and numbers of leads, and were kept only to be delivered."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import OutboxEvent
from integrations.models import Delivery

KEPT = timedelta(days=30)
"""Long enough to replay what a receiver lost; the call record keeps what the event told of."""
AT_ONCE = 1000


def forget_events(now: datetime) -> int:
    """Delete what is older than that and waits for no webhook, with its deliveries; returns how many events."""
    waited_for = Delivery.objects.filter(next_try_at__isnull=False, hook__disabled_at__isnull=True)
    old = OutboxEvent.objects.filter(at__lt=now - KEPT).exclude(pk__in=waited_for.values("event"))
    forgotten = 0
    while batch := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        OutboxEvent.objects.filter(pk__in=batch).delete()
        forgotten += len(batch)
    return forgotten
