"""Questions about agents' sessions and the campaigns they may join."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.choices import ROLE_CAPABILITIES, Capability, Role
from accounts.models import User
from campaigns.choices import CampaignStatus
from campaigns.models import Campaign

JOINABLE = (CampaignStatus.RUNNING, CampaignStatus.PAUSED)
"""A draining campaign takes no more agents, a stopped one has nothing for them."""


def joinable_campaigns(person: User) -> QuerySet[Campaign]:
    """The campaigns of the agent's organisation that they may join now."""
    return Campaign.objects.filter(organisation=person.organisation_id, status__in=JOINABLE)


def people_who_take_calls(organisation: int) -> QuerySet[User]:
    """The agents of an organisation whose accounts are open, by name."""
    roles = [role for role in Role.values if Capability.TAKE_CALLS in ROLE_CAPABILITIES[role]]
    people = User.objects.filter(organisation=organisation, is_active=True, role__in=roles)
    return people.order_by("first_name", "last_name", "username")


def campaign_choices(person: User) -> list[dict[str, Any]]:
    """The same for the console's list, running ones first."""
    rows = joinable_campaigns(person).values_list("id", "name", "method", "status")
    found = [dict(zip(("id", "name", "method", "status"), row)) for row in rows]
    return sorted(found, key=lambda row: (row["status"] != CampaignStatus.RUNNING, str(row["name"]).lower()))
