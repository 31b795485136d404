"""API keys: list, make, revoke."""

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
from accounts.services.api_keys import create_api_key, revoke_api_key
from integrations.access import access_api_key
from integrations.forms import ApiKeyForm
from integrations.selectors import organisation_api_keys


@require_safe
@requires(Capability.MANAGE_INTEGRATIONS)
def keys(request: SignedInRequest) -> HttpResponse:
    """All keys, those that work first."""
    found = organisation_api_keys(request.user.organisation)
    return render(request, "integrations/keys.html", {"keys": found, "now": timezone.now(), "tab": "keys"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.MANAGE_INTEGRATIONS)
def new_key(request: SignedInRequest) -> HttpResponse:
    """Make a key. Its text is in the answer to the POST and nowhere else, so there is no redirect."""
    form = ApiKeyForm(request.POST or None, initial={"life": "90"})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        data = form.cleaned_data
        try:
            key, text = create_api_key(
                request.user, data["name"], data["scopes"], now, expires_at=form.expires_at(now)
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return render(request, "integrations/key_made.html", {"key": key, "text": text})
    return render(request, "integrations/new_key.html", {"form": form})


@require_POST
@requires(Capability.MANAGE_INTEGRATIONS)
def revoke_key(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a key for good."""
    key = access_api_key(request.user, pk)
    revoke_api_key(request.user, key, timezone.now())
    messages.success(request, f"The key “{key.name}” is revoked. Calls with it are refused from now on.")
    return redirect("integrations:keys")
