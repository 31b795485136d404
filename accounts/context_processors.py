"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from .choices import Capability
from .models import User
from .navigation import compliance_tabs, links


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The pages that the signed-in person may open, and who stopped all dialing if somebody did."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    setup = links(user, request.path, setup=True)
    return {
        "navigation": {
            "main": links(user, request.path, setup=False),
            "setup": setup,
            "compliance": compliance_tabs(user, request.path),
            "setup_current": any(link.current for link in setup),
        },
        "dialing_stopped": _stopped(user),
    }


def _stopped(user: User) -> dict[str, Any] | None:
    organisation = user.organisation
    if organisation.dialing_stopped_at is None or not user.can(Capability.WATCH_FLOOR):
        return None
    return {"at": timezone.localtime(organisation.dialing_stopped_at), "by": organisation.dialing_stopped_by}
