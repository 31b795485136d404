"""Take deliveries for sending, so that no two senders have the same one.

Each claim is one conditional UPDATE. A claim is a lease: where its holder dies, the delivery falls due again,
and the receiver knows a second copy by its ``webhook-id``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from integrations.models import Delivery, Hook

LEASE = timedelta(seconds=90)
"""Longer than a sender works on one hook (``work_off_hook.BUDGET_S``) and one more batch takes."""


def claim_due_hooks(now: datetime) -> list[str]:
    """The hooks that something is due for and nobody is sending to, each taken for one sender."""
    due = Hook.objects.filter(_free(now), deliveries__next_try_at__lte=now).distinct()
    return [pk for pk in due.values_list("pk", flat=True) if _claim_hook(pk, now)]


def _claim_hook(pk: str, now: datetime) -> bool:
    return bool(Hook.objects.filter(_free(now), pk=pk).update(quiet_until=now + LEASE))


def _free(now: datetime) -> Q:
    return Q(disabled_at__isnull=True) & (Q(quiet_until__isnull=True) | Q(quiet_until__lte=now))


def release_hook(pk: str, quiet_until: datetime | None) -> None:
    """Let other senders at the hook, at once or when the receiver wants it."""
    Hook.objects.filter(pk=pk).update(quiet_until=quiet_until)


def claim_deliveries(hook: Hook, now: datetime, limit: int) -> list[Delivery]:
    """Up to ``limit`` due deliveries of a hook, oldest event first, each counted as tried."""
    due = Delivery.objects.filter(hook=hook, next_try_at__lte=now).select_related("event").order_by("id")
    return [delivery for delivery in due[:limit] if claim_delivery(delivery, now)]


def claim_delivery(delivery: Delivery, now: datetime) -> bool:
    """Take one delivery; False where another sender got there first."""
    lease = now + LEASE
    mine = Delivery.objects.filter(
        pk=delivery.pk, next_try_at=delivery.next_try_at, next_try_at__lte=now
    ).update(next_try_at=lease, attempts=F("attempts") + 1)
    if mine:
        delivery.next_try_at, delivery.attempts = lease, delivery.attempts + 1
    return bool(mine)
