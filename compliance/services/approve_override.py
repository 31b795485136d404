"""The second person's word, from which on a change that loosens a rule of law holds."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import check_capability
from accounts.choices import Capability
from accounts.models import User
from accounts.services.record_audit import record_audit

from ..evidence import chain
from ..models import Override


@transaction.atomic
def approve_override(override: Override, actor: User, *, now: datetime, today: date) -> None:
    """It holds from now until the day it ends; ``today`` is on the organisation's clock.

    Raises ``ValidationError`` where the same person proposed it, or where there is nothing to approve any more, and
    ``PermissionDenied``.
    """
    check_capability(actor, Capability.APPROVE_RULES)
    if actor.pk == override.proposed_by_id or actor.organisation_id != override.organisation_id:
        raise ValidationError("Somebody else must approve: a rule is loosened by two people.")
    chain.lock({override.organisation_id})
    waiting = Override.objects.filter(
        pk=override.pk, loosens=True, approved_at=None, withdrawn_at=None, ends__gt=today
    )
    if not waiting.exclude(proposed_by=actor).update(approved_by=actor, approved_at=now):
        raise ValidationError("There is nothing to approve: it was approved, withdrawn, or has ended.")
    proposer = override.proposed_by.username
    record_audit(
        override.organisation,
        actor,
        "override.approved",
        override.rule,
        {"proposed_by": proposer},
        {**override.value, "ends": str(override.ends)},
    )
