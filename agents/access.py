"""The agents' objects, fetched only within the person's organisation and role."""

from __future__ import annotations

from accounts.access import access_object
from accounts.choices import Capability
from accounts.models import User
from campaigns.models import Campaign

from .selectors import joinable_campaigns


def access_campaign_to_join(person: User, pk: int) -> Campaign:
    """A campaign that the agent may join now. Raises ``Http404`` or ``PermissionDenied``."""
    return access_object(joinable_campaigns(person), person, pk, Capability.TAKE_CALLS)
