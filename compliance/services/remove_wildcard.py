"""Let numbers that begin in a certain way be called again."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..lists.registry import THE_REGISTRY
from ..models import Wildcard


@transaction.atomic
def remove_wildcard(wildcard: Wildcard, actor: User | str) -> None:
    """Afterwards it does not hold; who took it away is in the audit log."""
    before = {"note": wildcard.note, "campaign": wildcard.campaign, "created_by": wildcard.created_by}
    record_audit(wildcard.organisation, actor, "wildcard.removed", f"+{wildcard.prefix}", before)
    wildcard.delete()
    THE_REGISTRY.forget()
    transaction.on_commit(THE_REGISTRY.forget)
