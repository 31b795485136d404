"""Found an organisation with its first administrator."""

from __future__ import annotations

from django.db import transaction

from accounts.choices import Role
from accounts.models import Organisation, User

from .create_person import create_person


@transaction.atomic
def create_organisation(
    name: str, *, time_zone: str, administrator: str, password: str
) -> tuple[Organisation, User]:
    """Both or neither. Raises ``ValidationError``: a name that is taken, an unknown zone, a weak password."""
    organisation = Organisation(name=name.strip(), time_zone=time_zone)
    organisation.full_clean()
    organisation.save()
    person = create_person(
        organisation, "installation", username=administrator, role=Role.ADMINISTRATOR, password=password
    )
    return organisation, person
