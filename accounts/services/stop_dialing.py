"""The switch that stops all dialing of an organisation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Organisation, User

from .record_audit import record_audit


@transaction.atomic
def stop_dialing(organisation: Organisation, actor: User, now: datetime) -> bool:
    """Whether dialing was on. From the commit on the gate refuses every dial; calls that are up go on."""
    claimed = Organisation.objects.filter(pk=organisation.pk, dialing_stopped_at__isnull=True).update(
        dialing_stopped_at=now, dialing_stopped_by=actor.display_name
    )
    organisation.refresh_from_db(fields=["dialing_stopped_at", "dialing_stopped_by"])
    if claimed:
        record_audit(organisation, actor, "dialing.stopped", organisation.name)
    return bool(claimed)


@transaction.atomic
def resume_dialing(organisation: Organisation, actor: User) -> bool:
    """Whether dialing was stopped. Campaigns go on in the status that each of them has."""
    claimed = Organisation.objects.filter(pk=organisation.pk, dialing_stopped_at__isnull=False).update(
        dialing_stopped_at=None, dialing_stopped_by=""
    )
    organisation.refresh_from_db(fields=["dialing_stopped_at", "dialing_stopped_by"])
    if claimed:
        record_audit(organisation, actor, "dialing.resumed", organisation.name)
    return bool(claimed)
