"""Turn new events into deliveries, one for each webhook that wants them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import OutboxEvent
from integrations.models import Delivery, Hook

EVENTS_AT_ONCE = 500


def fan_out(now: datetime) -> int:
    """Make the deliveries of the oldest events that have none yet; returns how many events were taken."""
    waiting = OutboxEvent.objects.filter(fanned_out_at__isnull=True).order_by("at", "id")
    return sum(fan_out_event(event, now) for event in waiting[:EVENTS_AT_ONCE])


def fan_out_event(event: OutboxEvent, now: datetime) -> bool:
    """Make one event's deliveries; False where another worker got there first."""
    with transaction.atomic():
        mine = OutboxEvent.objects.filter(pk=event.pk, fanned_out_at__isnull=True).update(fanned_out_at=now)
        if mine:
            Delivery.objects.bulk_create(
                Delivery(hook=hook, event=event, next_try_at=now) for hook in _takers(event)
            )
    return bool(mine)


def _takers(event: OutboxEvent) -> list[Hook]:
    """The hooks that wanted the event when it happened, and are on."""
    standing = Hook.objects.filter(
        organisation=event.organisation_id, disabled_at__isnull=True, created_at__lte=event.at
    )
    return [
        hook
        for hook in standing
        if event.type in hook.event_types and hook.campaign_id in (None, event.campaign)
    ]
