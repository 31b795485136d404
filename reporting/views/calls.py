"""Searching, reading and taking away call records."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from reporting.access import access_call
from reporting.forms import LOCAL_TIME, CallSearchForm
from reporting.looks import call_row, durations, ended_by, events, quality, steps
from reporting.selectors.calls import CallKey, CallPage, call_page, search_calls
from reporting.services.export_calls import begin_export
from reporting.timeline import timeline


@require_safe
@requires(Capability.SEE_CALLS)
def calls(request: SignedInRequest) -> HttpResponse:
    """The calls that fit, newest first; today's when nothing was asked."""
    form = CallSearchForm(request.user, request.GET or _today())
    page = _page(request, form) if form.is_valid() else CallPage([], None, None)
    context = {
        "form": form,
        "rows": [call_row(request.user, call) for call in page.calls],
        "may_export": request.user.can(Capability.EXPORT_CALLS),
        "newer": str(page.newer) if page.newer else "",
        "older": str(page.older) if page.older else "",
    }
    return render(request, "reporting/calls.html", context, status=200 if form.is_valid() else 422)


@require_safe
@requires(Capability.SEE_CALLS)
def call(request: SignedInRequest, pk: str) -> HttpResponse:
    """Everything that is known of one call."""
    found = access_call(request.user, pk)
    context = {
        "call": found,
        "row": call_row(request.user, found),
        "durations": durations(found),
        "steps": steps(found),
        "ended_by": ended_by(found),
        "quality": quality(found),
        "events": events(request.user, found),
        "timeline": timeline(found, timezone.now()),
    }
    return render(request, "reporting/call.html", context)


@require_safe
@requires(Capability.EXPORT_CALLS)
def export(request: SignedInRequest) -> HttpResponseBase:
    """The same search as CSV, sent as it is read."""
    form = CallSearchForm(request.user, request.GET or _today())
    if not form.is_valid():
        return render(request, "reporting/calls.html", {"form": form, "rows": []}, status=422)
    pieces = begin_export(request.user, form.search())
    name = f"calls-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: SignedInRequest, form: CallSearchForm) -> CallPage:
    found = search_calls(request.user.organisation_id, form.search())
    return call_page(found, older=_key(request.GET.get("older")), newer=_key(request.GET.get("newer")))


def _key(text: str | None) -> CallKey | None:
    """The place in the list; an address that names none shows the newest calls."""
    try:
        return CallKey.read(text) if text else None
    except ValueError:
        return None


def _today() -> dict[str, Any]:
    midnight = timezone.localtime().replace(hour=0, minute=0)
    return {"since": midnight.strftime(LOCAL_TIME)}
