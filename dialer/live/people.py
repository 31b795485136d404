"""Who is at the other end of a socket, asked anew each time."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from channels.auth import get_user
from django.conf import settings

from accounts.models import User

_SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


async def fetch_person(scope: dict[str, Any]) -> User | None:
    """The signed-in person, or None.

    The session is read from the store each time, so that a sign-out, a changed password, a role taken away
    and a closed account are seen while the socket is open.
    """
    key = getattr(scope.get("session"), "session_key", None)
    if key is None:
        return None
    user = await get_user({"session": _SessionStore(key)})
    return user if isinstance(user, User) and user.is_active else None
