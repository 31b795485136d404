"""The organisation's settings, and the log of what was changed in it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from accounts.forms import AuditFilterForm, OrganisationForm
from accounts.models import Organisation
from accounts.selectors import audit_of
from accounts.services.update_organisation import update_organisation

AUDIT_ROWS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.MANAGE_PEOPLE)
def organisation(request: SignedInRequest) -> HttpResponse:
    """Name and time zone."""
    own = Organisation.objects.get(pk=request.user.organisation_id)
    form = OrganisationForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        update_organisation(own, request.user, **form.cleaned_data)
        messages.success(request, "The organisation is saved.")
        return redirect("accounts:organisation")
    return render(request, "accounts/organisation.html", {"form": form})


@require_safe
@requires(Capability.MANAGE_PEOPLE)
def audit(request: SignedInRequest) -> HttpResponse:
    """Who changed what, newest first."""
    form = AuditFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(audit_of(request.user, **wanted), AUDIT_ROWS).get_page(request.GET.get("page"))
    return render(request, "accounts/audit.html", {"form": form, "page_obj": page})
