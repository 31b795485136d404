"""Make, check and revoke API keys.

A key reads ``pk_<prefix>_<secret>``. The prefix finds and names it; of the secret only the SHA-256 is kept,
which is enough for 256 random bits: there is nothing to guess that a slow hash would protect.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import ApiKey, User
from accounts.scopes import Scope

from .record_audit import record_audit

MARK = "pk"
NAME_CHARACTERS_MAX = 80
PREFIX_BYTES = 5
SECRET_BYTES = 32
USE_NOTED_EVERY = timedelta(minutes=1)
_NOBODYS_DIGEST = hashlib.sha256(b"").hexdigest()


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_api_key(
    actor: User, name: str, scopes: Iterable[str], now: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key of the actor's organisation, and its text, told only now. Raises ``ValidationError``."""
    wanted = sorted(set(scopes))
    _check(name, wanted, now, expires_at)
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        key = ApiKey.objects.create(
            organisation=actor.organisation,
            name=name.strip(),
            prefix=prefix,
            digest=digest(secret),
            scopes=wanted,
            created_by=actor,
            expires_at=expires_at,
        )
        _audit(actor, "api_key.created", key)
    return key, f"{MARK}_{prefix}_{secret}"


def revoke_api_key(actor: User, key: ApiKey, now: datetime) -> bool:
    """End a key for good; False where it had been revoked already."""
    with transaction.atomic():
        revoked = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now)
        if revoked:
            _audit(actor, "api_key.revoked", key)
    return bool(revoked)


def find_api_key(text: str, now: datetime) -> ApiKey | None:
    """The key that the text opens, where it is neither expired nor revoked; the time taken tells nothing."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    key = ApiKey.objects.select_related("organisation").filter(prefix=prefix).first()
    matches = hmac.compare_digest(digest(secret), key.digest if key else _NOBODYS_DIGEST)
    if key is None or not matches or mark != MARK or key.revoked_at is not None:
        return None
    if key.expires_at is not None and key.expires_at <= now:
        return None
    return key


def note_use(key: ApiKey, now: datetime) -> bool:
    """Keep when a key was last used, at most once a minute; True where it was written."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    return bool(ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now))


def _check(name: str, scopes: list[str], now: datetime, expires_at: datetime | None) -> None:
    if not name.strip() or len(name.strip()) > NAME_CHARACTERS_MAX:
        raise ValidationError(
            {"name": f"Say what will use the key, in at most {NAME_CHARACTERS_MAX} characters."}
        )
    if unknown := [scope for scope in scopes if scope not in Scope.values]:
        raise ValidationError({"scopes": f"Unknown: {', '.join(unknown)}. Known: {', '.join(Scope.values)}."})
    if not scopes:
        raise ValidationError({"scopes": "Choose at least one thing that the key may do."})
    if expires_at is not None and expires_at <= now:
        raise ValidationError({"expires_at": "Choose a time that is still to come."})


def _audit(actor: User, action: str, key: ApiKey) -> None:
    expires_at = key.expires_at.isoformat() if key.expires_at else None
    after = {"scopes": key.scopes, "expires_at": expires_at}
    record_audit(key.organisation, actor, action, target=str(key), after=after)
