"""Give a person a password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User

from .record_audit import record_audit


@transaction.atomic
def set_password(person: User, password: str, actor: User) -> None:
    """Raises ``ValidationError`` for a weak one. The person's other sessions end: their hash does not fit."""
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    record_audit(person.organisation, actor, "person.password_set", person.username)


@transaction.atomic
def invitation_path(person: User, actor: User) -> str:
    """The path of a page on which the person sets a password of their own, good for
    ``PASSWORD_RESET_TIMEOUT`` seconds.

    It stops working with the first use, because the token is made of the password that stands now.
    """
    record_audit(person.organisation, actor, "person.invited", person.username)
    key = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("accounts:welcome", args=[key, default_token_generator.make_token(person)])
