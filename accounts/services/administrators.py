"""The rule that an organisation keeps somebody who can manage it."""

from __future__ import annotations

from accounts.choices import Role
from accounts.models import Organisation, User


class LastAdministrator(Exception):
    """The change would leave the organisation without an administrator."""

    def __init__(self) -> None:
        super().__init__("This is the only administrator. Make somebody else an administrator first.")


def check_another_administrator(person: User) -> None:
    """Raises ``LastAdministrator`` where nobody else could manage the organisation.

    Call it inside a transaction: the organisation's row is locked, so that two administrators cannot remove
    each other.
    """
    Organisation.objects.select_for_update().get(pk=person.organisation_id)
    others = User.objects.filter(organisation=person.organisation_id, role=Role.ADMINISTRATOR, is_active=True)
    if not others.exclude(pk=person.pk).exists():
        raise LastAdministrator
