"""Webhooks: list, make, turn off and on, give a new secret, remove."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from integrations.access import access_hook
from integrations.forms import HookForm
from integrations.selectors import organisation_deliveries, organisation_hooks
from integrations.services.change_hook import disable_hook, enable_hook, remove_hook, rotate_secret
from integrations.services.create_hook import Wish, create_hook

RECENT_DELIVERIES = 10


@require_safe
@requires(Capability.MANAGE_INTEGRATIONS)
def hooks(request: SignedInRequest) -> HttpResponse:
    """All webhooks, newest first."""
    found = organisation_hooks(request.user.organisation)
    return render(request, "integrations/hooks.html", {"hooks": found, "tab": "hooks"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.MANAGE_INTEGRATIONS)
def new_hook(request: SignedInRequest) -> HttpResponse:
    """Subscribe. The secret is in the answer to the POST and nowhere else, so there is no redirect."""
    organisation = request.user.organisation
    form = HookForm(organisation, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wish = Wish(data["target_url"], data["event_types"], data["campaign"])
        try:
            made = create_hook(organisation, request.user.username, wish, timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if made.created:
                return render(request, "integrations/secret.html", {"hook": made.hook, "secret": made.secret})
            messages.info(request, "This webhook was there already.")
            return redirect("integrations:hook", made.hook.pk)
    return render(request, "integrations/new_hook.html", {"form": form})


@require_safe
@requires(Capability.MANAGE_INTEGRATIONS)
def hook(request: SignedInRequest, pk: str) -> HttpResponse:
    """One webhook and its last deliveries."""
    found = access_hook(request.user, pk)
    recent = organisation_deliveries(request.user.organisation, hook=pk)[:RECENT_DELIVERIES]
    rotating = found.signs_with_previous(timezone.now())
    return render(
        request, "integrations/hook.html", {"hook": found, "deliveries": recent, "rotating": rotating}
    )


@require_POST
@requires(Capability.MANAGE_INTEGRATIONS)
def switch_hook(request: SignedInRequest, pk: str) -> HttpResponse:
    """Turn it off or on."""
    found = access_hook(request.user, pk)
    if request.POST.get("on") == "yes":
        enable_hook(found, request.user.username)
        messages.success(request, "The webhook is on. What waited goes out now.")
    else:
        reason = f"Turned off by {request.user.display_name}."
        disable_hook(found, request.user.username, reason, timezone.now())
        messages.success(request, "The webhook is off. New events are not kept for it.")
    return redirect("integrations:hook", pk)


@never_cache
@require_POST
@requires(Capability.MANAGE_INTEGRATIONS)
def rotate(request: SignedInRequest, pk: str) -> HttpResponse:
    """A new secret, told in this answer alone."""
    found = access_hook(request.user, pk)
    secret = rotate_secret(found, request.user.username, timezone.now())
    return render(request, "integrations/secret.html", {"hook": found, "secret": secret, "rotated": True})


@require_POST
@requires(Capability.MANAGE_INTEGRATIONS)
def remove(request: SignedInRequest, pk: str) -> HttpResponse:
    """Forget it and its log."""
    remove_hook(access_hook(request.user, pk), request.user.username)
    messages.success(request, "The webhook is removed.")
    return redirect("integrations:hooks")
