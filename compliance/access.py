"""The only ways to an object of this app: inside the person's organisation, by a capability of their role."""

from __future__ import annotations

from accounts.access import access_object
from accounts.choices import Capability
from accounts.models import User

from .models import CallerId


def access_caller_id(user: User, pk: int) -> CallerId:
    """A caller ID, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(CallerId.objects.select_related("organisation"), user, pk, Capability.MANAGE_TRUNKS)
