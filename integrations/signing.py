"""Secrets of webhooks and signatures of deliveries, as Standard Webhooks writes them."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks.webhooks import Webhook

from accounts.sealing import unseal

from .models import Hook

SECRET_USE = "webhook-secret"  # noqa: S105 - the name of a use, not a secret
SECRET_MARK = "whsec_"  # noqa: S105 - how every secret begins
SECRET_BYTES = 32
SECRET_BYTES_MIN, SECRET_BYTES_MAX = 24, 64
"""Standard Webhooks, "Signature scheme": between 24 and 64 random bytes."""


class SecretUnfit(Exception):
    """A secret that a receiver chose cannot be used; the message says what fits."""


def generate_secret() -> str:
    """A new secret, ``whsec_`` and base64."""
    return SECRET_MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def check_secret(text: str) -> str:
    """The secret if it can sign. Raises ``SecretUnfit``."""
    try:
        raw = base64.b64decode(text.removeprefix(SECRET_MARK), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not text.startswith(SECRET_MARK) or not SECRET_BYTES_MIN <= len(raw) <= SECRET_BYTES_MAX:
        raise SecretUnfit(
            f"Give {SECRET_MARK} followed by {SECRET_BYTES_MIN} to {SECRET_BYTES_MAX} bytes in base64, "
            "or leave the secret out and one is made."
        )
    return text


def hook_secrets(hook: Hook, now: datetime) -> list[str]:
    """What deliveries are signed with: the current secret, in a rotation also the one before."""
    sealed = [hook.secret_sealed]
    if hook.signs_with_previous(now):
        sealed.append(hook.previous_secret_sealed)
    return [unseal(value, SECRET_USE) for value in sealed]


def signed_headers(event_id: str, body: str, keys: Sequence[str], now: datetime) -> dict[str, str]:
    """The three headers of a delivery. The id stays over all tries; time and signature are of this one."""
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(event_id, now, body) for key in keys),
    }
