"""Show a caller ID again before its rest is over."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..models import CallerId


@transaction.atomic
def wake_caller_id(caller_id: CallerId, actor: User | str, reason: str, now: datetime) -> None:
    """End its rest at ``now`` (the gate's clock); what happened before is not held against it any more.

    Raises ``ValidationError`` without a reason, and where it does not rest.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say why the number may be shown again."})
    woken = CallerId.objects.filter(pk=caller_id.pk, rests_until__gt=now).update(
        rests_until=None, rests_because="", counts_from=now
    )
    if not woken:
        raise ValidationError("The number does not rest: it may be shown already.")
    rested = caller_id.rests_until
    before = {
        "rests_until": rested.isoformat() if rested else "",
        "because": caller_id.rests_because,
    }
    record_audit(
        caller_id.organisation, actor, "caller_id.woken", caller_id.number, before, {"reason": reason.strip()}
    )
    caller_id.refresh_from_db()
