"""Change an organisation's settings."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation, User

from .record_audit import record_audit


@transaction.atomic
def update_organisation(organisation: Organisation, actor: User, *, name: str, time_zone: str) -> bool:
    """Whether anything changed. Raises ``ValidationError`` for a name that is taken or an unknown zone."""
    row = Organisation.objects.get(pk=organisation.pk)
    stored = {"name": row.name, "time_zone": row.time_zone}
    wanted = {"name": name.strip(), "time_zone": time_zone}
    changed = {field: value for field, value in wanted.items() if stored[field] != value}
    if not changed:
        return False
    for field, value in changed.items():
        setattr(organisation, field, value)
    organisation.full_clean()
    organisation.save(update_fields=list(changed))
    record_audit(
        organisation,
        actor,
        "organisation.changed",
        organisation.name,
        {key: stored[key] for key in changed},
        changed,
    )
    return True
