"""Forms of the account pages; services check and write."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from .choices import Role
from .models import Organisation, User

NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})
GOOD_ENOUGH = "At least 10 characters, not a common word and not like the name."


class SignInForm(AuthenticationForm):
    """User name and password; user names are kept in small letters."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "User name and password do not fit together.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"

    def clean_username(self) -> str:
        """Case makes no difference, nor may it give more attempts."""
        return self.cleaned_data["username"].lower()


class PersonForm(forms.ModelForm):
    """A person to take in."""

    password = forms.CharField(
        required=False,
        widget=NEW_PASSWORD,
        strip=False,
        help_text=f"{GOOD_ENOUGH} Leave it empty to hand out a link instead.",
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "username", "email", "role")
        labels = {"username": "User name", "email": "E-mail"}
        help_texts = {"username": "For signing in: letters, digits and @ . + - _"}

    def clean_username(self) -> str:
        """As the sign-in page reads it."""
        return self.cleaned_data["username"].lower()


class RoleForm(forms.Form):
    """Another role for a person."""

    role = forms.ChoiceField(choices=Role.choices)


class PasswordForm(forms.Form):
    """A new password, given by an administrator."""

    password = forms.CharField(label="New password", widget=NEW_PASSWORD, strip=False, help_text=GOOD_ENOUGH)


class OwnPasswordForm(PasswordChangeForm):
    """Another password for oneself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["old_password"].label = "Password now"
        self.fields["new_password1"].help_text = GOOD_ENOUGH
        self.fields["new_password2"].label = "New password once more"
        self.fields["new_password2"].help_text = ""


class ProfileForm(forms.ModelForm):
    """What a person may change of their own account."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "shortcuts_enabled")
        labels = {"email": "E-mail", "shortcuts_enabled": "Single-key shortcuts in the agent console"}
        help_texts = {"shortcuts_enabled": "Turn them off if you dictate or use a switch device."}


class OrganisationForm(forms.ModelForm):
    """Name and clock of the organisation."""

    time_zone = forms.ChoiceField(
        choices=lambda: [(name, name) for name in sorted(available_timezones()) if "/" in name],
        help_text="Campaign hours and the times on all pages follow it.",
    )

    class Meta:
        model = Organisation
        fields = ("name", "time_zone")


class AuditFilterForm(forms.Form):
    """What to show of the audit log."""

    actor = forms.CharField(required=False, max_length=150, label="Who")
    action = forms.CharField(
        required=False,
        max_length=60,
        label="What",
        widget=forms.TextInput(attrs={"placeholder": "campaign, person.role …"}),
    )
