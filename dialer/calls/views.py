"""Pages of trunks."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability

from .access import access_trunk
from .forms import TrunkForm
from .models import Trunk
from .services.save_trunk import save_trunk
from .services.set_trunk_password import BadPassword
from .trunk_health import trunk_health

manages = requires(Capability.MANAGE_TRUNKS)


@require_safe
@manages
def trunks(request: SignedInRequest) -> HttpResponse:
    """All trunks with their last hour."""
    now = timezone.now()
    found = Trunk.objects.filter(organisation=request.user.organisation_id)
    return render(
        request, "calls/trunks.html", {"rows": [(trunk, trunk_health(trunk, now)) for trunk in found]}
    )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@manages
def new_trunk(request: SignedInRequest) -> HttpResponse:
    """Add a trunk."""
    return _trunk_form(request, Trunk(organisation=request.user.organisation))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@manages
def trunk(request: SignedInRequest, pk: int) -> HttpResponse:
    """A trunk's settings."""
    return _trunk_form(request, access_trunk(request.user, pk))


def _trunk_form(request: SignedInRequest, found: Trunk) -> HttpResponse:
    form = TrunkForm(request.user.organisation, request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            campaigns = form.cleaned_data["campaigns"]
            save_trunk(found, request.user, form.settings(), campaigns, form.new_password())
        except ValidationError as error:
            for name, problems in error.message_dict.items():
                form.add_error(name if name in form.fields else None, problems)
        except BadPassword as error:
            form.add_error("password", str(error))
        else:
            messages.success(request, f"The trunk “{found.name}” was saved. Lines use it within seconds.")
            return redirect("calls:trunk", found.pk)
    stored = Trunk.objects.filter(pk=found.pk).first()
    context = {
        "form": form,
        "trunk": stored,
        "health": trunk_health(stored, timezone.now()) if stored else None,
    }
    return render(request, "calls/trunk.html", context)
