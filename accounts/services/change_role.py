"""Give a person another role."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.choices import Role
from accounts.models import User

from .administrators import check_another_administrator
from .record_audit import record_audit


@transaction.atomic
def change_role(person: User, role: str, actor: User) -> bool:
    """Whether the role changed. Holds from the person's next request on; open sockets ask again by
    themselves.

    Raises ``LastAdministrator``, and ``ValidationError`` for a role that does not exist.
    """
    if role not in Role.values:
        raise ValidationError({"role": "Choose one of the roles."})
    if role == person.role:
        return False
    if person.role == Role.ADMINISTRATOR and person.is_active:
        check_another_administrator(person)
    before = person.role
    person.role = role
    person.save(update_fields=["role"])
    record_audit(
        person.organisation, actor, "person.role_changed", person.username, {"role": before}, {"role": role}
    )
    return True
