"""Close a person's account, and open it again."""

from __future__ import annotations

from django.db import transaction

from accounts.choices import Role
from accounts.models import User

from .administrators import check_another_administrator
from .record_audit import record_audit


@transaction.atomic
def deactivate_person(person: User, actor: User) -> bool:
    """Whether the account was open. Sessions end with the next request: no backend returns an inactive
    person.

    Raises ``LastAdministrator``. The person stays in the records of calls.
    """
    if person.role == Role.ADMINISTRATOR and person.is_active:
        check_another_administrator(person)
    return _set_active(person, actor, active=False)


@transaction.atomic
def reactivate_person(person: User, actor: User) -> bool:
    """Whether the account was closed."""
    return _set_active(person, actor, active=True)


def _set_active(person: User, actor: User, *, active: bool) -> bool:
    changed = bool(User.objects.filter(pk=person.pk, is_active=not active).update(is_active=active))
    person.is_active = active
    if changed:
        action = "person.reactivated" if active else "person.deactivated"
        record_audit(person.organisation, actor, action, person.username)
    return changed
