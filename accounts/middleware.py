"""Denies every view that does not state who may enter it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

ACCESS_ATTRIBUTE = "paceline_access"
"""Set on a view by the decorators of ``accounts.access``."""


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
        access = getattr(view, ACCESS_ATTRIBUTE, None)
        if access is None:
            raise PermissionDenied("This page does not state who may see it.")
        if access == "public" or access == "api_key":
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if access != "signed_in" and not request.user.can(access):
            raise PermissionDenied("Your role does not allow this.")
        return None
