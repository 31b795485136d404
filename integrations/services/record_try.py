"""Write down what came of a try, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import transaction

from integrations.models import Delivery
from integrations.retries import Answer, Decision, Verdict, decide

from .change_hook import disable_hook

ACTOR = "delivery"
log = structlog.get_logger()


def record_try(delivery: Delivery, answer: Answer, now: datetime, random: Callable[[], float]) -> Decision:
    """Keep the answer with the delivery; a hook that is gone, or was tried to the end, is turned off."""
    decision = decide(answer, delivery.attempts, now, random)
    with transaction.atomic():
        _write(delivery, answer, decision, now)
        if decision.verdict is Verdict.GONE:
            disable_hook(
                delivery.hook, ACTOR, "The receiver answered 410 Gone: it wants no more events.", now
            )
        elif decision.verdict is Verdict.GIVEN_UP:
            reason = f"Given up after {delivery.attempts} tries. The last one: {answer.error}"
            disable_hook(delivery.hook, ACTOR, reason, now)
    log.info(
        "Webhook tried",
        hook=delivery.hook_id,
        event_id=delivery.event_id,
        verdict=decision.verdict.value,
        status=answer.status,
        tries=delivery.attempts,
        duration_ms=answer.duration_ms,
    )
    return decision


def _write(delivery: Delivery, answer: Answer, decision: Decision, now: datetime) -> None:
    """Only where the lease is still ours: a later holder's answer is not overwritten by an earlier one's."""
    done = decision.verdict is Verdict.DELIVERED
    given_up = decision.verdict in (Verdict.GIVEN_UP, Verdict.GONE)
    Delivery.objects.filter(pk=delivery.pk, next_try_at=delivery.next_try_at).update(
        next_try_at=decision.retry_at,
        delivered_at=now if done else None,
        failed_at=now if given_up else None,
        last_status=answer.status,
        last_error=answer.error[:300],
        last_duration_ms=answer.duration_ms,
        updated_at=now,
    )
