"""Call records and campaigns of the floor, fetched only within the person's organisation and role."""

from __future__ import annotations

from accounts.access import access_object
from accounts.choices import Capability
from accounts.models import User
from campaigns.models import Campaign
from dialer.calls.models import Call

from .models import Simulation

DETAIL_RELATIONS = ("campaign", "agent", "trunk", "disposition", "lead__lead_list")


def access_call(user: User, pk: str) -> Call:
    """A call with what its page shows. Raises ``Http404`` or ``PermissionDenied``."""
    return access_object(Call.objects.select_related(*DETAIL_RELATIONS), user, pk, Capability.SEE_CALLS)


def access_floor_campaign(user: User, pk: int) -> Campaign:
    """A campaign that the person may start and stop. Raises ``Http404`` or ``PermissionDenied``."""
    return access_object(Campaign.objects.all(), user, pk, Capability.RUN_FLOOR)


def access_simulation(user: User, pk: int) -> Simulation:
    """A simulation with whose history it rests on. Raises ``Http404`` or ``PermissionDenied``."""
    found = Simulation.objects.select_related("campaign", "lead_list", "created_by")
    return access_object(found, user, pk, Capability.RUN_FLOOR)
