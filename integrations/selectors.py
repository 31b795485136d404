"""What pages and the API read of webhooks."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from accounts.models import ApiKey, Organisation, OutboxEvent

from .choices import DeliveryState
from .models import Delivery, Hook

PENDING = Q(delivered_at__isnull=True, failed_at__isnull=True)
STATE_FILTERS: dict[str, Q] = {
    DeliveryState.WAITING: PENDING & Q(attempts=0),
    DeliveryState.RETRYING: PENDING & Q(attempts__gt=0),
    DeliveryState.DELIVERED: Q(delivered_at__isnull=False),
    DeliveryState.FAILED: Q(failed_at__isnull=False),
}


def organisation_hooks(organisation: Organisation) -> QuerySet[Hook]:
    """The webhooks, newest first, with how many deliveries wait and how many were given up."""
    return (
        Hook.objects.filter(organisation=organisation)
        .select_related("campaign")
        .annotate(
            pending=Count("deliveries", filter=Q(deliveries__next_try_at__isnull=False)),
            given_up=Count("deliveries", filter=Q(deliveries__failed_at__isnull=False)),
        )
    )


def organisation_deliveries(
    organisation: Organisation, state: str = "", hook: str = ""
) -> QuerySet[Delivery]:
    """The delivery log, newest first; ``state`` and ``hook`` narrow it."""
    found = Delivery.objects.filter(hook__organisation=organisation).select_related("hook", "event")
    if state in STATE_FILTERS:
        found = found.filter(STATE_FILTERS[state])
    return found.filter(hook=hook) if hook else found


def organisation_api_keys(organisation: Organisation) -> QuerySet[ApiKey]:
    """The API keys, those that still work first."""
    return (
        ApiKey.objects.filter(organisation=organisation)
        .order_by("revoked_at", "-id")
        .select_related("created_by")
    )


def recent_events(organisation: Organisation, event_type: str, limit: int) -> list[OutboxEvent]:
    """The last events of a type, newest first."""
    found = OutboxEvent.objects.filter(organisation=organisation, type=event_type)
    return list(found.order_by("-at", "-id")[:limit])
