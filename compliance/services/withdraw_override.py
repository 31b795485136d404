"""Take back a change of a rule of law: the law's own value holds again at once."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.choices import Capability
from accounts.models import User
from accounts.services.record_audit import record_audit

from ..evidence import chain
from ..models import Override


@transaction.atomic
def withdraw_override(override: Override, actor: User, *, now: datetime) -> None:
    """By an administrator, or by either of the two people whose word it was.

    Raises ``PermissionDenied``, and ``ValidationError`` where it was withdrawn before.
    """
    chain.lock({override.organisation_id})
    override.refresh_from_db(fields=["approved_by"])
    if not may_withdraw(override, actor):
        raise PermissionDenied(
            "Only an administrator, or who proposed or approved it, may withdraw a change."
        )
    if not Override.objects.filter(pk=override.pk, withdrawn_at=None).update(withdrawn_at=now):
        raise ValidationError("It was withdrawn before.")
    record_audit(override.organisation, actor, "override.withdrawn", override.rule, override.value)


def may_withdraw(override: Override, actor: User) -> bool:
    """Whether this person may take it back."""
    if actor.organisation_id != override.organisation_id or not actor.can(Capability.APPROVE_RULES):
        return False
    return actor.can(Capability.MANAGE_RULES) or actor.pk in (
        override.proposed_by_id,
        override.approved_by_id,
    )
