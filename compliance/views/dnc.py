"""Pages of the organisation's own do-not-call list."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability

from ..choices import DncSource
from ..forms import DncAddForm, DncRemoveForm, DncSearchForm
from ..models import DncEntry
from ..numbers import InvalidNumbers, normalise, to_digits, to_e164
from ..services.add_to_dnc import add_to_dnc
from ..services.remove_from_dnc import remove_from_dnc

manages = requires(Capability.MANAGE_DNC)
PAGE_ROWS = 50
SHOWN_BAD = 5


@require_safe
@manages
def dnc(request: SignedInRequest) -> HttpResponse:
    """Search the list."""
    return _page(request, DncAddForm())


@require_POST
@manages
def add(request: SignedInRequest) -> HttpResponse:
    """Put numbers on it."""
    form = DncAddForm(request.POST)
    if form.is_valid():
        try:
            numbers, note = form.cleaned_data["numbers"], form.cleaned_data["note"]
            organisation, who = request.user.organisation_id, request.user.username
            added = add_to_dnc(organisation, numbers, DncSource.MANUAL, note, who, timezone.now())
        except InvalidNumbers as error:
            some = ", ".join(error.numbers[:SHOWN_BAD])
            form.add_error("numbers", f"{error} Not read: {some}. Nothing was added.")
        else:
            messages.success(
                request, f"{added:,} numbers were added; {len(numbers) - added:,} were there already."
            )
            return redirect("compliance:dnc")
    return _page(request, form, 422)


@require_POST
@manages
def remove(request: SignedInRequest) -> HttpResponse:
    """Take a number off it, with the reason."""
    form = DncRemoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect("compliance:dnc")
    number, reason = form.cleaned_data["number"], form.cleaned_data["reason"]
    if remove_from_dnc(request.user.organisation, number, request.user.username, reason):
        messages.success(request, f"{number} may be called again. The reason is in the audit log.")
    else:
        messages.error(request, f"{number} is not on the list.")
    return redirect("compliance:dnc")


def _page(request: SignedInRequest, add_form: DncAddForm, status: int = 200) -> HttpResponse:
    search = DncSearchForm(request.GET or None)
    entries = DncEntry.objects.filter(organisation=request.user.organisation_id).order_by(
        "-created_at", "-id"
    )
    asked = request.GET.get("number", "").strip()
    if asked:
        number = normalise(asked, request.user.organisation.country)
        entries = entries.filter(number=to_digits(number)) if number else entries.none()
    page = Paginator(entries, PAGE_ROWS).get_page(request.GET.get("page"))
    rows = [(entry, to_e164(entry.number)) for entry in page]
    context = {"search": search, "add_form": add_form, "page_obj": page, "rows": rows, "asked": asked}
    return render(request, "compliance/dnc.html", context, status=status)
