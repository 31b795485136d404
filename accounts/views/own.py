"""A person's own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, signed_in
from accounts.forms import OwnPasswordForm, ProfileForm
from accounts.services.set_password import set_password
from accounts.services.update_profile import update_profile


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: SignedInRequest) -> HttpResponse:
    """Name, e-mail and shortcuts."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        update_profile(request.user, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    return _page(request, profile_form=form)


@sensitive_post_parameters()
@require_POST
@signed_in
def own_password(request: SignedInRequest) -> HttpResponse:
    """Another password for oneself; every other session of the person ends."""
    form = OwnPasswordForm(request.user, request.POST)
    if form.is_valid():
        try:
            set_password(request.user, form.cleaned_data["new_password1"], request.user)
        except ValidationError as error:
            form.add_error("new_password1", error)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "Your password is changed. You are signed out everywhere else.")
            return redirect("accounts:profile")
    return _page(request, password_form=form)


def _page(request: SignedInRequest, **forms: object) -> HttpResponse:
    empty = {
        "profile_form": ProfileForm(instance=request.user),
        "password_form": OwnPasswordForm(request.user),
    }
    return render(request, "accounts/profile.html", {**empty, **forms})
