"""Turn a webhook off and on, give it a new secret, remove it."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.sealing import seal
from accounts.services.record_audit import record_audit
from integrations.models import Hook
from integrations.signing import SECRET_USE, generate_secret

log = structlog.get_logger()
ROTATION = timedelta(hours=24)
"""How long deliveries are signed with the old secret too, so that a receiver can change over at leisure."""


def disable_hook(hook: Hook, actor: str, reason: str, now: datetime) -> bool:
    """Send nothing more to it; what waits is kept. False where it was off already."""
    with transaction.atomic():
        switched = Hook.objects.filter(pk=hook.pk, disabled_at__isnull=True).update(
            disabled_at=now, disabled_reason=reason[:200]
        )
        if switched:
            _audit(hook, actor, "hook.disabled", {"reason": reason})
            log.warning("Webhook turned off", hook=hook.pk)
    return bool(switched)


def enable_hook(hook: Hook, actor: str) -> bool:
    """Send to it again, first what waited. False where it was on already."""
    with transaction.atomic():
        switched = Hook.objects.filter(pk=hook.pk, disabled_at__isnull=False).update(
            disabled_at=None, disabled_reason="", quiet_until=None
        )
        if switched:
            _audit(hook, actor, "hook.enabled")
    return bool(switched)


def rotate_secret(hook: Hook, actor: str, now: datetime) -> str:
    """A new secret, told only now; for a day deliveries carry signatures of both."""
    secret = generate_secret()
    with transaction.atomic():
        current = Hook.objects.select_for_update().get(pk=hook.pk)
        current.previous_secret_sealed = current.secret_sealed
        current.previous_secret_until = now + ROTATION
        current.secret_sealed = seal(secret, SECRET_USE)
        current.save(update_fields=["previous_secret_sealed", "previous_secret_until", "secret_sealed"])
        _audit(hook, actor, "hook.secret_rotated")
    return secret


def remove_hook(hook: Hook, actor: str) -> None:
    """Forget the webhook, its waiting deliveries and its log."""
    with transaction.atomic():
        _audit(hook, actor, "hook.removed", {"target_url": hook.target_url})
        hook.delete()


def _audit(hook: Hook, actor: str, action: str, after: dict[str, str] | None = None) -> None:
    record_audit(hook.organisation, actor, action, target=hook.pk, after=after)
