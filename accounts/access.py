"""Who may do what: marks for views, and the pattern of every access function.

A view is entered only if it carries one of these marks. An object is fetched only through its app's access function
(``access_campaign(user, id)`` and its like), which looks inside the person's organisation and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from .choices import Capability
from .middleware import ACCESS_ATTRIBUTE
from .models import User

ViewT = TypeVar("ViewT", bound=Callable)
ModelT = TypeVar("ModelT", bound=Model)


def public(view: ViewT) -> ViewT:
    """Anybody, signed in or not."""
    setattr(view, ACCESS_ATTRIBUTE, "public")
    return view


def signed_in(view: ViewT) -> ViewT:
    """Anybody who is signed in."""
    setattr(view, ACCESS_ATTRIBUTE, "signed_in")
    return view


def by_api_key(view: ViewT) -> ViewT:
    """Not people but API keys: the REST framework checks key and scope."""
    setattr(view, ACCESS_ATTRIBUTE, "api_key")
    return view


def requires(capability: Capability) -> Callable[[ViewT], ViewT]:
    """People whose role has the capability."""

    def mark(view: ViewT) -> ViewT:
        setattr(view, ACCESS_ATTRIBUTE, capability)
        return view

    return mark


def access_object(queryset: QuerySet[ModelT], user: User, pk: object, capability: Capability) -> ModelT:
    """An object of the person's organisation, or 404; ``PermissionDenied`` where the role lacks the capability."""
    if not user.can(capability):
        raise PermissionDenied("Your role does not allow this.")
    return get_object_or_404(queryset.filter(organisation=user.organisation), pk=pk)
