"""Pages of the rules of law, and of what the organisation has changed about them."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from accounts.models import Organisation

from ..access import access_override
from ..clock import gate_now
from ..forms.law import ChangeForm, PlaceForm
from ..law.catalogue import find
from ..law.pages import changes_of, place_choices, tables
from ..models import Override
from ..services.approve_override import approve_override
from ..services.propose_override import propose_override
from ..services.withdraw_override import withdraw_override

sees = requires(Capability.SEE_SETUP)


@require_safe
@sees
def rules(request: SignedInRequest) -> HttpResponse:
    """All rules of law, those of one place if asked, with what the organisation changed."""
    form = PlaceForm(place_choices(), request.GET or None)
    place = form.cleaned_data["place"] if form.is_bound and form.is_valid() else ""
    today = _today(request.user.organisation)
    changes = changes_of(_overrides(request), request.user, today)
    context = {
        "form": form,
        "place": place,
        "tables": tables(place, changes, today),
        "waiting": [change for change in changes if change.waits],
    }
    return render(request, "compliance/law.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sees
def rule(request: SignedInRequest, rule: str) -> HttpResponse:
    """One rule with its changes; for administrators the form that changes it."""
    row = find(rule)
    if row is None:
        raise Http404
    today = _today(request.user.organisation)
    form = ChangeForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            dates = {name: form.cleaned_data[name] for name in ("effective", "ends")}
            override = propose_override(
                request.user.organisation,
                request.user,
                row.id,
                form.values(),
                form.cleaned_data["reason"],
                today=today,
                **dates,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _said(override))
            return redirect("compliance:rule", row.id)
    changes = changes_of(_overrides(request).filter(rule=row.id), request.user, today)
    context = {
        "row": row,
        "table": tables("", changes, today, only=row.id)[0],
        "changes": changes,
        "form": form,
        "may_change": request.user.can(Capability.MANAGE_RULES),
    }
    return render(request, "compliance/law_rule.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Capability.APPROVE_RULES)
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """The second person's word."""
    override = access_override(request.user, pk)
    try:
        approve_override(override, request.user, now=gate_now(), today=_today(request.user.organisation))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"It holds from now until {override.ends}.")
    return redirect("compliance:rule", override.rule)


@require_POST
@requires(Capability.APPROVE_RULES)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a change back."""
    override = access_override(request.user, pk)
    try:
        withdraw_override(override, request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The change was withdrawn and no longer holds.")
    return redirect("compliance:rule", override.rule)


def _overrides(request: SignedInRequest) -> QuerySet[Override]:
    found = Override.objects.filter(organisation=request.user.organisation_id)
    return found.select_related("proposed_by", "approved_by")


def _today(organisation: Organisation) -> date:
    return gate_now().astimezone(ZoneInfo(organisation.time_zone)).date()


def _said(override: Override) -> str:
    if override.loosens:
        return "The change waits for a second person, since it is looser than the law."
    return f"The change holds from {override.effective}: it is tighter than the law."
