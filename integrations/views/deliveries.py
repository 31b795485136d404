"""The delivery log."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from integrations.access import access_delivery
from integrations.forms import DeliveryFilterForm
from integrations.selectors import organisation_deliveries
from integrations.services.replay_delivery import replay_delivery

ROWS = 50


@require_safe
@requires(Capability.MANAGE_INTEGRATIONS)
def deliveries(request: SignedInRequest) -> HttpResponse:
    """Every event that was or will be sent, newest first."""
    organisation = request.user.organisation
    form = DeliveryFilterForm(organisation, request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    hook = wanted.get("hook")
    found = organisation_deliveries(organisation, wanted.get("state", ""), hook.pk if hook else "")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "deliveries": page.object_list, "tab": "deliveries"}
    return render(request, "integrations/deliveries.html", context)


@require_POST
@requires(Capability.MANAGE_INTEGRATIONS)
def replay(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send an event once more, then back to the page the button was on."""
    try:
        replay_delivery(request.user, access_delivery(request.user, pk), timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The event goes out again within a few seconds.")
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("integrations:deliveries")
