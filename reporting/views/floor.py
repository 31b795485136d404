"""The supervisor's live page."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from accounts.models import User
from agents.choices import AgentState
from campaigns.choices import METHOD_NOTES, CampaignStatus, Method, Outcome
from compliance.choices import Refused
from dialer.calls.choices import Stage
from dialer.engine.room.limits import Limit
from reporting.selectors.floor import last_hour

HOUR_KEPT_S = 10
"""Many supervisors look at the same hour: it is counted at most this often."""
LABELS = {
    "states": AgentState,
    "stages": Stage,
    "statuses": CampaignStatus,
    "methods": Method,
    "outcomes": Outcome,
    "refused": Refused,
    "limits": Limit,
}


@require_safe
@requires(Capability.WATCH_FLOOR)
def floor(request: SignedInRequest) -> HttpResponse:
    """The frame; everything in it comes through the socket."""
    return render(request, "reporting/floor.html", {"config": _config(request)})


@require_safe
@requires(Capability.WATCH_FLOOR)
def hour(request: SignedInRequest) -> JsonResponse:
    """The last 60 minutes in counts, for the chart."""
    organisation = request.user.organisation_id
    counts = cache.get_or_set(
        f"floor.hour.{organisation}", lambda: last_hour(organisation, timezone.now()), HOUR_KEPT_S
    )
    return JsonResponse(counts)


def _config(request: SignedInRequest) -> dict[str, Any]:
    person = request.user
    return {
        "mayRun": person.can(Capability.RUN_FLOOR),
        "maySee": person.can(Capability.SEE_SETUP),
        "mayEdit": person.can(Capability.EDIT_CAMPAIGNS),
        "timeZone": person.organisation.time_zone,
        "labels": {name: dict(choices.choices) for name, choices in LABELS.items()},
        "methodNotes": METHOD_NOTES,
        "urls": _addresses(person),
    }


def _addresses(person: User) -> dict[str, str]:
    """Where the page leads to; only to pages that the person may open."""
    addresses = {"hour": reverse("reporting:hour")}
    if person.can(Capability.SEE_CALLS):
        addresses["decisions"] = reverse("reporting:decisions")
    if person.can(Capability.SEE_SETUP):
        addresses["campaigns"] = reverse("campaigns:campaigns")
    if person.can(Capability.EDIT_CAMPAIGNS):
        addresses["newCampaign"] = reverse("campaigns:new_campaign")
    if person.can(Capability.MANAGE_TRUNKS):
        addresses["trunks"] = reverse("calls:trunks")
    return addresses
