"""The agent console's page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from accounts.access import requires
from accounts.choices import Capability
from accounts.models import User


@requires(Capability.TAKE_CALLS)
@never_cache
@ensure_csrf_cookie
def console(request: HttpRequest) -> HttpResponse:
    """The one screen an agent works in; all it shows comes over the socket."""
    return render(request, "agents/console.html", {"config": _config(request)})


def _config(request: HttpRequest) -> dict[str, Any]:
    person = request.user
    assert isinstance(person, User)
    return {
        "name": person.display_name,
        "shortcuts": person.shortcuts_enabled,
        "organisation_zone": person.organisation.time_zone,
        "profile_url": reverse("accounts:profile"),
        "mark_url": static("img/paceline.svg"),
        "ice_servers": [{"urls": address} for address in settings.ICE_SERVERS],
    }
