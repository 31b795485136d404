"""What a key may do: the scope that each endpoint names for each method."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from .authentication import KeyHolder

ANY_KEY = ""
"""Every working key may; said aloud, because a method without an entry is refused."""


class HasScope(BasePermission):
    """Lets a key through whose scopes hold the one in the view's ``scopes`` for the method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the key may; the message says which scope is missing."""
        if not isinstance(request.user, KeyHolder):
            return False
        wanted = view.scopes.get(request.method)
        if wanted == ANY_KEY or wanted in request.user.key.scopes:
            return True
        self.message = f"The API key lacks the scope {wanted}. Make a key that has it." if wanted else None
        return False
