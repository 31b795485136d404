"""Send what is due to one webhook."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from integrations.events import body
from integrations.models import Delivery, Hook
from integrations.retries import Answer
from integrations.sender import Parcel, Road, send_all
from integrations.signing import hook_secrets, signed_headers

from .claim_deliveries import claim_deliveries, release_hook
from .record_try import record_try

AT_ONCE = 8
"""Requests to one receiver at a time."""
BUDGET_S = 20.0
"""How long one sender stays with a hook before another one's turn comes."""
SLOW_MS = 5000
SLOW_REST_S = 45.0
"""A receiver that let all of a batch run out of time rests, and so holds a worker a quarter of the time."""

Clock = Callable[[], datetime]


def work_off_hook(pk: str, clock: Clock, road: Road | None = None) -> int:
    """Send until nothing is due, the receiver wants a rest or time is up; returns how many tries were made.

    The caller holds the hook (``claim_due_hooks``); it is let go at the end.
    """
    road = road or Road(allow_loopback=settings.WEBHOOK_ALLOW_LOOPBACK)
    ends_at = clock() + timedelta(seconds=BUDGET_S)
    tries, quiet_until = 0, None
    try:
        while quiet_until is None and clock() < ends_at and (hook := _standing(pk)):
            made, quiet_until = _send_batch(hook, clock, road)
            if not made:
                break
            tries += made
    finally:
        release_hook(pk, quiet_until)
    return tries


def _standing(pk: str) -> Hook | None:
    return Hook.objects.filter(pk=pk, disabled_at__isnull=True).select_related("organisation").first()


def _send_batch(hook: Hook, clock: Clock, road: Road) -> tuple[int, datetime | None]:
    """How many were tried, and until when the hook should rest."""
    deliveries = claim_deliveries(hook, clock(), AT_ONCE)
    if not deliveries:
        return 0, None
    keys = hook_secrets(hook, clock())
    parcels = [_parcel(hook, delivery, keys, clock()) for delivery in deliveries]
    answers = asyncio.run(send_all(parcels, road))
    asked = [
        record_try(delivery, answer, clock(), random.random).quiet_until
        for delivery, answer in zip(deliveries, answers)
    ]
    if all(_ran_out_of_time(answer) for answer in answers):
        asked.append(clock() + timedelta(seconds=SLOW_REST_S))
    return len(answers), max((until for until in asked if until is not None), default=None)


def _ran_out_of_time(answer: Answer) -> bool:
    return answer.status is None and answer.duration_ms >= SLOW_MS


def _parcel(hook: Hook, delivery: Delivery, keys: list[str], now: datetime) -> Parcel:
    text = body(delivery.event)
    return Parcel(delivery.pk, hook.target_url, signed_headers(delivery.event_id, text, keys, now), text)
