"""Signing in and out, and where a person begins."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, public, signed_in
from accounts.choices import Role
from accounts.forms import SignInForm
from accounts.services.set_password import set_password


@public
class SignInView(auth_views.LoginView):
    """User name and password; too many wrong ones close the door for a while (django-axes)."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@signed_in
class SignOutView(auth_views.LogoutView):
    """POST only, so that no link of another site signs anybody out."""


@public
class WelcomeView(auth_views.PasswordResetConfirmView):
    """An invited person sets a password of their own; the link is checked by the view and works once."""

    template_name = "accounts/welcome.html"

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Through the service, so that it stands in the audit log."""
        set_password(form.user, form.cleaned_data["new_password1"], form.user)
        messages.success(self.request, "Your password is set. Sign in with it.")
        return redirect("accounts:sign_in")


@require_safe
@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    """Agents begin in the console, everybody else on the floor."""
    return redirect("agents:console" if request.user.role == Role.AGENT else "reporting:floor")
