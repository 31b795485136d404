"""Set the password that a carrier asks for."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.sealing import seal
from accounts.services.record_audit import record_audit
from dialer.calls.models import Trunk

PASSWORD_USE = "trunk-password"  # noqa: S105 - names the use of the key, no password
PASSWORD_LENGTH = 200


class BadPassword(ValueError):
    """The password cannot be used; the message says why."""


@transaction.atomic
def set_trunk_password(trunk: Trunk, actor: User | str, password: str) -> None:
    """Keep the password encrypted and raise the trunk's version; an empty one takes it away.

    It can be read again by the pacing daemon only; the audit log says that it changed, never what it is.
    """
    if len(password) > PASSWORD_LENGTH or not password.isprintable():
        raise BadPassword(f"Use at most {PASSWORD_LENGTH} printable characters.")
    sealed = seal(password, PASSWORD_USE) if password else ""
    Trunk.objects.filter(pk=trunk.pk).update(password_sealed=sealed, version=F("version") + 1)
    trunk.refresh_from_db(fields=["password_sealed", "version"])
    record_audit(
        trunk.organisation,
        actor,
        "trunk.password",
        trunk.name,
        {},
        {"password": "set" if password else "none"},
    )
