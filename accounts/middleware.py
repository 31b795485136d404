"""Denies every view that does not state who may enter it; shows times as the organisation's clocks do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.defaults import permission_denied

from .models import User

ACCESS_ATTRIBUTE = "paceline_access"
"""Set on a view by the decorators of ``accounts.access``."""
PUBLIC = "public"
SIGNED_IN = "signed_in"
API_KEY = "api_key"


def access_of(view: Callable[..., Any]) -> str | None:
    """Who may enter the view: the mark of the function, else of its class (Django's or REST framework's)."""
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        access = getattr(holder, ACCESS_ATTRIBUTE, None)
        if access is not None:
            return access
    return None


class DenyByDefaultMiddleware:
    """Lets a request through to a view that states its access, and to no other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list, kwargs: dict
    ) -> HttpResponseBase | None:
        """Refuse, send to the sign-in, or let pass."""
        access = access_of(view)
        if access is None:
            return permission_denied(request, PermissionDenied("This page does not state who may see it."))
        if access in (PUBLIC, API_KEY):
            return None
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        if access != SIGNED_IN and not request.user.can(access):
            return permission_denied(request, PermissionDenied("Your role does not allow this."))
        return None


class OrganisationTimeMiddleware:
    """Pages show times in the zone of the signed-in person's organisation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User):
            return self.get_response(request)
        with timezone.override(request.user.organisation.time_zone):
            return self.get_response(request)
