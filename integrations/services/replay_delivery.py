"""Send an event once more."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from integrations.models import Delivery


def replay_delivery(actor: User, delivery: Delivery, now: datetime) -> None:
    """Start a delivery anew, its schedule too. Raises ``ValidationError`` while its webhook is off.

    The receiver gets the same ``webhook-id``, so one that has taken the event already can know it.
    """
    if delivery.hook.disabled_at is not None:
        raise ValidationError("This webhook is off. Turn it on, then replay the delivery.")
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            next_try_at=now, attempts=0, delivered_at=None, failed_at=None, updated_at=now
        )
        target = f"{delivery.event_id} to {delivery.hook_id}"
        record_audit(delivery.hook.organisation, actor, "delivery.replayed", target=target)
