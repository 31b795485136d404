"""The only ways to an object of this app: inside the person's organisation, by a capability of their role."""

from __future__ import annotations

from accounts.access import access_object
from accounts.choices import Capability
from accounts.models import User
from dialer.logs import mask_number

from .models import Callback, Campaign, ImportJob, Lead, LeadList, Skill


def access_campaign(user: User, pk: int, capability: Capability = Capability.SEE_SETUP) -> Campaign:
    """A campaign, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(Campaign.objects.select_related("organisation"), user, pk, capability)


def access_list(user: User, pk: int, capability: Capability = Capability.SEE_SETUP) -> LeadList:
    """A list, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(LeadList.objects.select_related("campaign", "organisation"), user, pk, capability)


def access_lead(user: User, pk: int, capability: Capability = Capability.SEE_SETUP) -> Lead:
    """A lead with its list, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(
        Lead.objects.select_related("lead_list__campaign", "organisation"), user, pk, capability
    )


def access_callback(user: User, pk: int, capability: Capability = Capability.EDIT_CAMPAIGNS) -> Callback:
    """A callback with its lead, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(Callback.objects.select_related("lead", "organisation"), user, pk, capability)


def access_skill(user: User, pk: int) -> Skill:
    """A skill, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(Skill.objects.select_related("organisation"), user, pk, Capability.EDIT_CAMPAIGNS)


def access_import(user: User, pk: int) -> ImportJob:
    """An import with its list, or 404. Raises ``PermissionDenied`` by role."""
    jobs = ImportJob.objects.select_related("lead_list__campaign", "organisation", "created_by")
    return access_object(jobs, user, pk, Capability.IMPORT_LEADS)


def shown_number(user: User, number: str) -> str:
    """The number whole for those who may see numbers, else masked."""
    return number if user.can(Capability.SEE_NUMBERS) else mask_number(number)
