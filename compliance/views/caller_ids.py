"""Pages of caller IDs: how they stand, one of them, and changing them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability

from ..access import access_caller_id
from ..callers import reputation
from ..callers.health import problems
from ..clock import gate_now
from ..forms.callers import CallerIdForm, CallerIdsForm, RestForm, SearchForm, WakeForm
from ..models import CallerId
from ..services.add_caller_ids import LinesInvalid, add_caller_ids
from ..services.rest_caller_id import rest_caller_id
from ..services.save_caller_id import save_caller_id
from ..services.wake_caller_id import wake_caller_id

manages = requires(Capability.MANAGE_TRUNKS)
sees = requires(Capability.SEE_SETUP)
runs = requires(Capability.RUN_FLOOR)
PAGE_ROWS = 50
SHOWN_ERRORS = 50


@require_safe
@sees
def caller_ids(request: SignedInRequest) -> HttpResponse:
    """All caller IDs: today's use, answer rates, blocked calls, rests."""
    now, organisation = gate_now(), request.user.organisation
    search = SearchForm(request.GET or None)
    rows = CallerId.objects.filter(organisation=organisation).order_by("-active", "number")
    page = Paginator(_found(rows, search), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "search": search,
        "page_obj": page,
        "rows": reputation.standings(organisation, list(page), now),
        "any": rows.exists(),
        "plot": reputation.pool_plot(organisation, now),
        "problems": problems(organisation.pk, now),
        "can_manage": request.user.can(Capability.MANAGE_TRUNKS),
    }
    return render(request, "compliance/caller_ids.html", context)


@require_safe
@sees
def caller_id(request: SignedInRequest, pk: int) -> HttpResponse:
    """One of them: its last 30 days, its proof, its rests."""
    found, now = access_caller_id(request.user, pk, Capability.SEE_SETUP), gate_now()
    month = reputation.month_of(found, now)
    context = {
        "found": found,
        "standing": reputation.standings(found.organisation, [found], now)[0],
        "month": list(reversed(month)),
        "plots": reputation.month_plots(month),
        "history": reputation.history_of(found),
        "campaigns": found.campaign_set.order_by("name"),
        "rest_form": RestForm(),
        "can_manage": request.user.can(Capability.MANAGE_TRUNKS),
        "can_run": request.user.can(Capability.RUN_FLOOR),
    }
    return render(request, "compliance/caller_id.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def new_caller_id(request: SignedInRequest) -> HttpResponse:
    """Add one."""
    return _form(request, CallerId(organisation=request.user.organisation))


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def change_caller_id(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change one."""
    return _form(request, access_caller_id(request.user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def new_caller_ids(request: SignedInRequest) -> HttpResponse:
    """Add many."""
    form, errors = CallerIdsForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            lines, defaults = form.cleaned_data["lines"], form.defaults()
            added, known = add_caller_ids(request.user.organisation, request.user, lines, defaults)
        except LinesInvalid as error:
            form.add_error("lines", str(error))
            errors = error.errors
        else:
            messages.success(request, f"{added:,} numbers were added; {known:,} were there already.")
            return redirect("compliance:caller_ids")
    context = {"form": form, "errors": errors[:SHOWN_ERRORS], "more": max(len(errors) - SHOWN_ERRORS, 0)}
    return render(request, "compliance/caller_ids_new.html", context, status=422 if form.errors else 200)


@require_POST
@runs
def rest(request: SignedInRequest, pk: int) -> HttpResponse:
    """Do not show it for some hours."""
    found = access_caller_id(request.user, pk, Capability.RUN_FLOOR)
    form = RestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _words(form))
    else:
        until = gate_now() + timedelta(hours=form.cleaned_data["hours"])
        if rest_caller_id(found, request.user, until, form.cleaned_data["reason"]):
            messages.success(request, f"{found.number} rests. Calls that ring already go on.")
        else:
            messages.error(request, f"{found.number} rests longer than that already.")
    return redirect("compliance:caller_id", pk)


@require_POST
@runs
def wake(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show it again before its rest is over."""
    found = access_caller_id(request.user, pk, Capability.RUN_FLOOR)
    form = WakeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _words(form))
    else:
        try:
            wake_caller_id(found, request.user, form.cleaned_data["reason"], gate_now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{found.number} may be shown again. The reason is in the audit log.")
    return redirect("compliance:caller_id", pk)


def _found(rows: QuerySet[CallerId], search: SearchForm) -> QuerySet[CallerId]:
    if not search.is_valid():
        return rows
    asked = "".join(sign for sign in search.cleaned_data["number"] if sign.isdigit())
    if asked:
        rows = rows.filter(number__contains=asked)
    if search.cleaned_data["state"] == "rests":
        rows = rows.filter(rests_until__gt=gate_now())
    elif search.cleaned_data["state"] == "off":
        rows = rows.filter(active=False)
    return rows


def _form(request: SignedInRequest, found: CallerId) -> HttpResponse:
    form = CallerIdForm(request.POST or None, initial=CallerIdForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_caller_id(found, request.user, **form.cleaned_data)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
        else:
            messages.success(request, f"{saved.number} was saved.")
            return redirect("compliance:caller_ids")
    return render(request, "compliance/caller_id_form.html", {"form": form, "found": found})


def _words(form: Form) -> str:
    return " ".join(str(text) for texts in form.errors.values() for text in texts)
