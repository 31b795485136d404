"""Take somebody into the organisation."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from accounts.models import Organisation, User

from .record_audit import record_audit


@transaction.atomic
def create_person(
    organisation: Organisation,
    actor: User | str,
    *,
    username: str,
    role: str,
    password: str = "",
    first_name: str = "",
    last_name: str = "",
    email: str = "",
) -> User:
    """A new person. Without a password they cannot sign in until they have set one by ``invitation_path``.

    Raises ``ValidationError`` for a name that is taken, an unknown role or a weak password. Sign-in names are
    kept in small letters, as the sign-in page reads them.
    """
    person = User(
        organisation=organisation,
        username=User.normalize_username(username).lower(),
        role=role,
        first_name=first_name,
        last_name=last_name,
        email=email,
    )
    if password:
        validate_password(password, person)
    person.set_password(password or None)
    person.full_clean()
    person.save()
    record_audit(organisation, actor, "person.created", person.username, after={"role": role})
    return person
