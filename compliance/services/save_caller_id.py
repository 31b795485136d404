"""Make a caller ID or change it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..models import CallerId
from ..numbers import normalise, why_undialable


@transaction.atomic
def save_caller_id(
    caller_id: CallerId, actor: User | str, *, number: str, display_name: str, proof: str, active: bool
) -> CallerId:
    """Write it with the proof of the right to show it. ``caller_id`` is stored, or new with its organisation set.

    The number must be one that a called party can call back (47 CFR 64.1601(e)). Raises ``ValidationError``.
    """
    before = _facts(CallerId.objects.get(pk=caller_id.pk)) if caller_id.pk else {}
    read = normalise(number, caller_id.organisation.country)
    if read is None or why_undialable(read):
        raise ValidationError({"number": "Give a number that can be called back, such as +12125550100."})
    caller_id.number, caller_id.display_name = read, display_name.strip()
    caller_id.proof, caller_id.active = proof.strip(), active
    if active and not caller_id.proof:
        raise ValidationError({"proof": "Say what shows the right to use the number, or switch it off."})
    caller_id.full_clean()
    caller_id.save()
    action = "caller_id.changed" if before else "caller_id.created"
    record_audit(caller_id.organisation, actor, action, caller_id.number, before, _facts(caller_id))
    return caller_id


def _facts(caller_id: CallerId) -> dict[str, object]:
    return {
        "number": caller_id.number,
        "display_name": caller_id.display_name,
        "proof": caller_id.proof,
        "active": caller_id.active,
    }
