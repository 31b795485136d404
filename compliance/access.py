"""The only ways to an object of this app: inside the person's organisation, by a capability of their role."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from accounts.access import access_object, check_capability
from accounts.choices import Capability
from accounts.models import User

from .models import (
    CallerId,
    Certificate,
    Consent,
    ConsentImport,
    DncList,
    Override,
    Signer,
    TrustedRoot,
    Wildcard,
)


def access_caller_id(user: User, pk: int, capability: Capability = Capability.MANAGE_TRUNKS) -> CallerId:
    """A caller ID, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(CallerId.objects.select_related("organisation"), user, pk, capability)


def access_signer(user: User, pk: int) -> Signer:
    """A signer, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(Signer.objects.select_related("organisation"), user, pk, Capability.MANAGE_TRUNKS)


def access_certificate(user: User, pk: int) -> Certificate:
    """A certificate or a request of one, or 404. Raises ``PermissionDenied`` by role."""
    check_capability(user, Capability.MANAGE_TRUNKS)
    own = Certificate.objects.filter(signer__organisation=user.organisation_id)
    return get_object_or_404(own.select_related("signer__organisation"), pk=pk)


def access_root(user: User, pk: int) -> TrustedRoot:
    """A trusted root, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(
        TrustedRoot.objects.select_related("organisation"), user, pk, Capability.MANAGE_TRUNKS
    )


def access_list(user: User, pk: int) -> DncList:
    """A large list, or 404. Raises ``PermissionDenied`` by role."""
    lists = DncList.objects.select_related("organisation", "current")
    return access_object(lists, user, pk, Capability.MANAGE_DNC)


def access_wildcard(user: User, pk: int) -> Wildcard:
    """A blocked prefix, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(Wildcard.objects.select_related("organisation"), user, pk, Capability.MANAGE_DNC)


def access_consent(user: User, pk: int) -> Consent:
    """An entry of the ledger, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(Consent.objects.all(), user, pk, Capability.MANAGE_DNC)


def access_consent_import(user: User, pk: int) -> ConsentImport:
    """A file of consents or answers, or 404. Raises ``PermissionDenied`` by role."""
    return access_object(ConsentImport.objects.all(), user, pk, Capability.MANAGE_DNC)


def access_override(user: User, pk: int) -> Override:
    """A change of a rule of law, or 404. Raises ``PermissionDenied`` by role."""
    changes = Override.objects.select_related("organisation", "proposed_by", "approved_by")
    return access_object(changes, user, pk, Capability.APPROVE_RULES)
