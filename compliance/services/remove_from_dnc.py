"""Take a number off the organisation's own do-not-call list."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation
from accounts.services.record_audit import record_audit

from ..models import DncEntry
from ..numbers import to_digits


def remove_from_dnc(organisation: Organisation, number: str, actor: str, reason: str) -> bool:
    """Whether the number was on the list; afterwards it is not. Who did it and why goes into the audit log.

    Raises ``ValueError`` where ``number`` is not E.164.
    """
    with transaction.atomic():
        entry = DncEntry.objects.filter(organisation=organisation, number=to_digits(number)).first()
        if entry is None:
            return False
        before = {
            "source": entry.source,
            "note": entry.note,
            "created_by": entry.created_by,
            "created_at": entry.created_at.isoformat(),
        }
        entry.delete()
        record_audit(organisation, actor, "dnc.removed", number, before, {"reason": reason})
    return True
