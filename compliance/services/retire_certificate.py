"""End a certificate or a request, and destroy its key."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..models import Certificate

FRESHNESS = timedelta(seconds=60)
"""For so long a signature is taken (ATIS-1000074, 5.3.1): until then the one before may still be asked for."""


@transaction.atomic
def retire_certificate(certificate: Certificate, actor: User | str, now: datetime) -> None:
    """Destroy the key; chain and dates stay as evidence of what was signed with it.

    Raises ``ValidationError`` for the one in use, and within a minute of its replacement.
    """
    rows = Certificate.objects.select_related("signer__organisation").select_for_update(of=("self",))
    found = rows.get(pk=certificate.pk)
    if found.in_use:
        raise ValidationError("This certificate signs now. Let another one sign first.")
    if found.replaced_at and now < found.replaced_at + FRESHNESS:
        raise ValidationError("What it signed is still under way. Retire it in a minute.")
    if found.retired_at:
        raise ValidationError("It was retired already.")
    found.retired_at, found.key_sealed = now, ""
    found.save(update_fields=["retired_at", "key_sealed"])
    what = "certificate.retired" if found.chain else "certificate.withdrawn"
    signer = found.signer
    record_audit(signer.organisation, actor, what, signer.name, {}, {"fingerprint": found.fingerprint})
