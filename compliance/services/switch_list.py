"""Take a list out of use, or into use again."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..lists.registry import THE_REGISTRY
from ..models import DncList


@transaction.atomic
def switch_list(dnc_list: DncList, active: bool, actor: User | str) -> None:
    """A list that is out of use forbids nothing and closes nothing; its numbers are kept. It is in the audit log."""
    if not DncList.objects.filter(pk=dnc_list.pk, active=not active).update(active=active):
        return
    dnc_list.active = active
    action = "list.switched_on" if active else "list.switched_off"
    record_audit(dnc_list.organisation, actor, action, dnc_list.name)
    THE_REGISTRY.forget()
    transaction.on_commit(THE_REGISTRY.forget)
