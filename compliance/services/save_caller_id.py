"""Make a caller ID or change it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..choices import Attestation
from ..models import CallerId
from ..numbers import normalise, why_undialable

KEPT = ("number", "display_name", "proof", "attestation", "daily_limit", "rests_by_itself", "active")
"""What the audit log keeps of a change."""


@transaction.atomic
def save_caller_id(
    caller_id: CallerId,
    actor: User | str,
    *,
    number: str,
    display_name: str,
    proof: str,
    active: bool,
    attestation: str = Attestation.C,
    daily_limit: int = 0,
    rests_by_itself: bool = True,
) -> CallerId:
    """Write it with the proof of the right to show it. ``caller_id`` is stored, or new with its organisation set.

    The number must be one that a called party can call back (47 CFR 64.1601(e)); attestation A needs the proof
    (ATIS-1000074, 5.2.3). Raises ``ValidationError``.
    """
    before = facts_of(CallerId.objects.get(pk=caller_id.pk)) if caller_id.pk else {}
    caller_id.number = readable(number, caller_id.organisation.country)
    caller_id.display_name, caller_id.proof = display_name.strip(), proof.strip()
    caller_id.attestation, caller_id.daily_limit, caller_id.active = attestation, daily_limit, active
    caller_id.rests_by_itself = rests_by_itself
    check_proof(caller_id)
    caller_id.full_clean()
    if before:
        caller_id.save(update_fields=KEPT)
    else:
        caller_id.save()
    action = "caller_id.changed" if before else "caller_id.created"
    record_audit(caller_id.organisation, actor, action, caller_id.number, before, facts_of(caller_id))
    return caller_id


def readable(number: str, country: str) -> str:
    """The number as E.164. Raises ``ValidationError`` where nobody could call it back."""
    read = normalise(number, country)
    if read is None or why_undialable(read):
        raise ValidationError({"number": "Give a number that can be called back, such as +12125550100."})
    return read


def check_proof(caller_id: CallerId) -> None:
    """Raises ``ValidationError`` where the right to the number is claimed without anything that shows it."""
    if caller_id.proof:
        return
    if caller_id.attestation == Attestation.A:
        raise ValidationError({"proof": "Attestation A says that you may use the number: say what shows it."})
    if caller_id.active:
        raise ValidationError({"proof": "Say what shows the right to use the number, or switch it off."})


def facts_of(caller_id: CallerId) -> dict[str, object]:
    """What the audit log keeps."""
    return {name: getattr(caller_id, name) for name in KEPT}
