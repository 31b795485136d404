"""Who calls the REST API: another system, by its key."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiKey, Organisation
from accounts.services.api_keys import find_api_key, note_use

HOW = "Send 'Authorization: Bearer pk_…'. An administrator makes keys under Set-up, Integrations."


@dataclass(frozen=True)
class KeyHolder:
    """The caller: no person, but what a key was given to."""

    key: ApiKey
    is_authenticated: bool = True

    @property
    def organisation(self) -> Organisation:
        """The organisation whose objects it may see."""
        return self.key.organisation

    @property
    def name(self) -> str:
        """How the audit log names it."""
        return f"key {self.key}"


class ApiKeyAuthentication(BaseAuthentication):
    """Takes the key from the Authorization header and nowhere else: addresses end up in logs."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        """The caller and its key; None where no key was sent. Raises ``AuthenticationFailed``."""
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        now = timezone.now()
        key = find_api_key(text.strip(), now)
        if key is None:
            raise AuthenticationFailed("The API key is unknown, expired or revoked. " + HOW)
        note_use(key, now)
        return KeyHolder(key), key

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for (RFC 6750, section 3)."""
        return 'Bearer realm="Paceline"'
