"""Celery's side of deliveries: thin, repeatable, safe to run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from .services.claim_deliveries import claim_due_hooks
from .services.fan_out import fan_out
from .services.forget_events import forget_events
from .services.work_off_hook import work_off_hook

TICK_LIFE_S = 10
"""A tick that no worker took by then is thrown away: the next one does its work."""


@shared_task(expires=TICK_LIFE_S)
def deliver_due() -> None:
    """Make deliveries of new events, and start one sender for each webhook that something is due for.

    A sender has one webhook, so a slow receiver holds up nobody but itself.
    """
    now = timezone.now()
    fan_out(now)
    for hook in claim_due_hooks(now):
        send_to_hook.delay(hook)


@shared_task
def send_to_hook(hook: str) -> None:
    """Send what is due to one webhook."""
    work_off_hook(hook, timezone.now)


@shared_task(expires=TICK_LIFE_S)
def forget_old_events() -> None:
    """Delete events that nobody waits for any more."""
    forget_events(timezone.now())
