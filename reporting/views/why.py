"""Why a number was called or refused, and when it may next be called."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from compliance.clock import gate_now
from compliance.models import Decision
from compliance.numbers import to_e164
from reporting.compliance_forms import WhyForm
from reporting.why.masking import masked
from reporting.why.story import Story, tell


@require_safe
@requires(Capability.SEE_CALLS)
def why(request: SignedInRequest) -> HttpResponse:
    """The story of the number that was given, or of the one that a decision was about."""
    if request.GET.get("decision"):
        number = _number_of(request, request.GET["decision"])
        shown = {"number": number} if request.user.can(Capability.SEE_NUMBERS) else None
        return _page(request, WhyForm(request.user, shown), _story(request, number, None))
    if "number" not in request.GET:
        return _page(request, WhyForm(request.user, None), None)
    form = WhyForm(request.user, request.GET)
    if not form.is_valid():
        return _page(request, form, None, status=422)
    return _page(request, form, _story(request, form.cleaned_data["number"], form.campaign_id()))


def _number_of(request: SignedInRequest, place: str) -> str:
    rows = Decision.objects.filter(organisation=request.user.organisation_id, number__isnull=False)
    found = rows.filter(sequence=place).first() if place.isdecimal() and len(place) < 19 else None
    if found is None or found.number is None:
        raise Http404("No decision about a number has this place in the chain.")
    return to_e164(found.number)


def _story(request: SignedInRequest, number: str, campaign: int | None) -> Story:
    story = tell(request.user.organisation_id, number, gate_now(), campaign)
    return story if request.user.can(Capability.SEE_NUMBERS) else masked(story)


def _page(request: SignedInRequest, form: WhyForm, story: Story | None, status: int = 200) -> HttpResponse:
    return render(request, "reporting/why.html", {"form": form, "story": story}, status=status)
