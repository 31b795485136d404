"""Values that rest encrypted in the database: trunk passwords, webhook secrets."""

from __future__ import annotations

from cryptography.fernet import InvalidToken
from django.conf import settings

from dialer.bus.keys import box


class SealBroken(Exception):
    """A sealed value does not open: the installation's secret key is not the one it was sealed with."""


def seal(value: str, use: str) -> str:
    """The value encrypted for one named use."""
    return box(settings.SECRET_KEY, use).encrypt(value.encode()).decode()


def unseal(sealed: str, use: str) -> str:
    """The value again. Raises ``SealBroken``."""
    try:
        return box(settings.SECRET_KEY, use).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(f"A stored secret ({use}) does not open with this PACELINE_SECRET_KEY.") from error
