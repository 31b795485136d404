"""Who may do what: marks for views, and the pattern of every access function.

A view is entered only if it carries one of these marks. On a class-based view the mark decorates the class;
the function that ``as_view()`` makes carries it too. An object is fetched only through its app's access
function (``access_campaign(user, id)`` and its like), which looks inside the person's organisation and
nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from .choices import Capability
from .middleware import ACCESS_ATTRIBUTE, API_KEY, PUBLIC, SIGNED_IN
from .models import User


class SignedInRequest(HttpRequest):
    """What a view gets that carries any mark but ``public``: ``user`` is a person, never anonymous."""

    user: User


ViewT = TypeVar("ViewT", bound=Callable)
ModelT = TypeVar("ModelT", bound=Model)


def public(view: ViewT) -> ViewT:
    """Anybody, signed in or not."""
    return _marked(view, PUBLIC)


def signed_in(view: ViewT) -> ViewT:
    """Anybody who is signed in."""
    return _marked(view, SIGNED_IN)


def by_api_key(view: ViewT) -> ViewT:
    """Not people but API keys: the REST framework checks key and scope."""
    return _marked(view, API_KEY)


def requires(capability: Capability) -> Callable[[ViewT], ViewT]:
    """People whose role has the capability."""
    return lambda view: _marked(view, capability)


def _marked(view: ViewT, access: str) -> ViewT:
    setattr(view, ACCESS_ATTRIBUTE, access)
    return view


def check_capability(user: User, capability: Capability) -> None:
    """Raises ``PermissionDenied`` where the person's role lacks the capability."""
    if not user.can(capability):
        raise PermissionDenied("Your role does not allow this.")


def access_object(queryset: QuerySet[ModelT], user: User, pk: object, capability: Capability) -> ModelT:
    """An object of the person's organisation, or 404. Raises ``PermissionDenied`` by role."""
    check_capability(user, capability)
    return get_object_or_404(queryset.filter(organisation=user.organisation_id), pk=pk)


def access_person(user: User, pk: int) -> User:
    """Somebody of the administrator's organisation, or 404."""
    return access_object(User.objects.all(), user, pk, Capability.MANAGE_PEOPLE)
