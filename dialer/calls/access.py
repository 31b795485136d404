"""The only ways to an object of this app: inside the person's organisation, by a capability of their role."""

from __future__ import annotations

from accounts.access import access_object
from accounts.choices import Capability
from accounts.models import User

from .models import Trunk


def access_trunk(user: User, pk: int) -> Trunk:
    """A trunk, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(Trunk.objects.select_related("organisation"), user, pk, Capability.MANAGE_TRUNKS)
