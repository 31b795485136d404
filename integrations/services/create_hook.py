"""Subscribe another system to events."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import ApiKey, Organisation
from accounts.sealing import seal
from accounts.services.record_audit import record_audit
from campaigns.models import Campaign
from dialer.net.addresses import Lookup, system_lookup
from integrations.address_guard import AddressRefused, resolve_target
from integrations.events import EVENT_TYPES
from integrations.models import Hook
from integrations.signing import SECRET_USE, SecretUnfit, check_secret, generate_secret, hook_secrets

from .change_hook import enable_hook

HOOKS_MAX = 100
"""For one organisation: each event is a request to every hook that wants it."""


@dataclass(frozen=True)
class Wish:
    """What another system asks for."""

    target_url: str
    event_types: Sequence[str]
    campaign: Campaign | None = None
    secret: str = ""
    """The receiver's own secret; empty: one is made."""


@dataclass(frozen=True)
class Subscription:
    """The hook, whether it was made now, and its secret where this is the one time to tell it."""

    hook: Hook
    created: bool
    secret: str = ""


def create_hook(
    organisation: Organisation,
    actor: str,
    wish: Wish,
    now: datetime,
    key: ApiKey | None = None,
    lookup: Lookup = system_lookup,
) -> Subscription:
    """Subscribe, or find the subscription that says the same already. Raises ``ValidationError`` by field."""
    event_types = _checked(wish, lookup)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        existing = _same(organisation, wish, event_types)
        if existing is not None:
            return _found(existing, actor, wish, now)
        if Hook.objects.filter(organisation=organisation).count() >= HOOKS_MAX:
            raise ValidationError(
                f"There are {HOOKS_MAX} webhooks already. Remove one that is no longer used."
            )
        secret = wish.secret or generate_secret()
        hook = Hook.objects.create(
            id=f"hook_{secrets.token_hex(12)}",
            organisation=organisation,
            target_url=wish.target_url,
            event_types=event_types,
            campaign=wish.campaign,
            secret_sealed=seal(secret, SECRET_USE),
            created_by_key=key,
            created_at=now,
        )
        _audit(actor, hook)
    return Subscription(hook, True, "" if wish.secret else secret)


def _checked(wish: Wish, lookup: Lookup) -> list[str]:
    event_types = sorted(set(wish.event_types))
    unknown = [name for name in event_types if name not in EVENT_TYPES]
    if unknown or not event_types:
        raise ValidationError({"event_types": f"Choose from {', '.join(EVENT_TYPES)}."})
    try:
        resolve_target(wish.target_url, settings.WEBHOOK_ALLOW_LOOPBACK, lookup)
    except AddressRefused as refusal:
        raise ValidationError({"target_url": str(refusal)}) from refusal
    try:
        if wish.secret:
            check_secret(wish.secret)
    except SecretUnfit as unfit:
        raise ValidationError({"secret": str(unfit)}) from unfit
    return event_types


def _same(organisation: Organisation, wish: Wish, event_types: list[str]) -> Hook | None:
    alike = Hook.objects.filter(organisation=organisation, target_url=wish.target_url, campaign=wish.campaign)
    return next((hook for hook in alike if hook.event_types == event_types), None)


def _found(hook: Hook, actor: str, wish: Wish, now: datetime) -> Subscription:
    if wish.secret and wish.secret not in hook_secrets(hook, now):
        raise ValidationError(
            {"secret": "This webhook exists with another secret. Delete it first, or rotate it."}
        )
    if enable_hook(hook, actor):
        hook.refresh_from_db()
    return Subscription(hook, False)


def _audit(actor: str, hook: Hook) -> None:
    after = {"target_url": hook.target_url, "event_types": hook.event_types, "campaign": hook.campaign_id}
    record_audit(hook.organisation, actor, "hook.created", target=hook.pk, after=after)
