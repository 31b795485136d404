"""Pages of caller IDs."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability

from ..access import access_caller_id
from ..forms import CallerIdForm
from ..models import CallerId
from ..services.save_caller_id import save_caller_id

manages = requires(Capability.MANAGE_TRUNKS)


@require_safe
@manages
def caller_ids(request: SignedInRequest) -> HttpResponse:
    """All caller IDs with their proof."""
    rows = CallerId.objects.filter(organisation=request.user.organisation_id).order_by("-active", "number")
    return render(request, "compliance/caller_ids.html", {"rows": rows.prefetch_related("campaign_set")})


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def new_caller_id(request: SignedInRequest) -> HttpResponse:
    """Add one."""
    return _form(request, CallerId(organisation=request.user.organisation))


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def caller_id(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change one."""
    return _form(request, access_caller_id(request.user, pk))


def _form(request: SignedInRequest, found: CallerId) -> HttpResponse:
    form = CallerIdForm(request.POST or None, initial=CallerIdForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_caller_id(found, request.user, **form.cleaned_data)
        except ValidationError as error:
            for name, problems in error.message_dict.items():
                form.add_error(name if name in form.fields else None, problems)
        else:
            messages.success(request, f"{saved.number} was saved.")
            return redirect("compliance:caller_ids")
    return render(request, "compliance/caller_id.html", {"form": form, "new": found.pk is None})
