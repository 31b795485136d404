"""The one way to fetch an object of this app: inside the organisation of the person or key, or not at all."""

from __future__ import annotations

from django.http import Http404

from accounts.access import access_object
from accounts.choices import Capability
from accounts.models import ApiKey, User

from .models import Delivery, Hook


def access_hook(user: User, pk: str) -> Hook:
    """A webhook that the person may change."""
    return access_object(Hook.objects.select_related("campaign"), user, pk, Capability.MANAGE_INTEGRATIONS)


def access_api_key(user: User, pk: int) -> ApiKey:
    """An API key that the person may revoke."""
    return access_object(ApiKey.objects.all(), user, pk, Capability.MANAGE_INTEGRATIONS)


def access_delivery(user: User, pk: int) -> Delivery:
    """A delivery that the person may replay. Raises ``Http404``."""
    delivery = Delivery.objects.select_related("hook", "event").filter(pk=pk).first()
    if delivery is None:
        raise Http404("No such delivery.")
    access_hook(user, delivery.hook_id)
    return delivery


def hook_of_key(key: ApiKey, pk: str) -> Hook:
    """A webhook of the key's organisation. Raises ``Http404``."""
    hook = Hook.objects.filter(organisation=key.organisation, pk=pk).first()
    if hook is None:
        raise Http404("No such webhook.")
    return hook
