"""The form of a trunk."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from accounts.models import Organisation
from campaigns.models import Campaign
from compliance.models import Signer

from .choices import Srtp, Transport
from .models import Trunk

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")
PREFIX = re.compile(r"[0-9*#]*")


class TrunkForm(forms.ModelForm):
    """A trunk's settings; its password goes in and never comes out."""

    password = forms.CharField(
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    forget_password = forms.BooleanField(required=False, label="Forget the stored password")
    campaigns = forms.ModelMultipleChoiceField(
        Campaign.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Campaigns that may use it",
        help_text="None chosen: all campaigns.",
    )

    class Meta:
        model = Trunk
        fields = (
            *(
                "name",
                "host",
                "port",
                "transport",
                "username",
                "register",
                "srtp",
                "verify_tls",
                "channel_limit",
            ),
            *("cps_limit", "number_prefix", "plus", "from_domain", "priority", "enabled", "signer"),
        )
        labels = {
            "host": "Host or address",
            "username": "User name",
            "register": "Register with the carrier (SIP REGISTER)",
            "srtp": "Encrypted audio (SRTP)",
            "verify_tls": "Check the carrier's certificate",
            "channel_limit": "Calls at once at most",
            "cps_limit": "New calls a second at most",
            "number_prefix": "Prefix before the number",
            "plus": "Send numbers with +",
            "from_domain": "Domain of the From address",
            "enabled": "In use",
            "signer": "Who signs its calls",
        }
        help_texts = {
            "channel_limit": "0: no limit.",
            "cps_limit": "0: no limit. Ask the carrier: more is answered with 503.",
            "priority": "A higher number is tried first.",
            "from_domain": "Empty: the host.",
            "signer": "Your carrier, unless you hold a certificate or use a signing service.",
        }

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["campaigns"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Campaign.objects.filter(organisation=organisation)
        signer = self.fields["signer"]
        assert isinstance(signer, forms.ModelChoiceField)
        signer.queryset = Signer.objects.filter(organisation=organisation, active=True)
        signer.empty_label = "The carrier signs"
        self.fields["password"].help_text = (
            "One is stored. Leave empty to keep it." if self.instance.password_sealed else "None is stored."
        )
        if self.instance.pk:
            self.initial["campaigns"] = [campaign.pk for campaign in self.instance.campaigns.all()]

    def clean_host(self) -> str:
        """A name or an address, nothing that could be part of a SIP URI."""
        host = self.cleaned_data["host"].strip()
        if not HOST.fullmatch(host):
            raise forms.ValidationError("Give a host name or an IP address, such as sip.example.com.")
        return host

    def clean_from_domain(self) -> str:
        """As the host, or empty."""
        domain = self.cleaned_data["from_domain"].strip()
        if domain and not HOST.fullmatch(domain):
            raise forms.ValidationError("Give a domain, such as example.com.")
        return domain

    def clean_username(self) -> str:
        """No sign that has a meaning in a SIP header."""
        username = self.cleaned_data["username"].strip()
        if re.search(r"[\s\"<>;]", username):
            raise forms.ValidationError('A user name has no spaces and none of " < > ;')
        return username

    def clean_number_prefix(self) -> str:
        """Digits, * and #."""
        prefix = self.cleaned_data["number_prefix"].strip()
        if not PREFIX.fullmatch(prefix):
            raise forms.ValidationError("Use digits, * and # only.")
        return prefix

    def clean(self) -> dict[str, Any]:
        """SRTP keys travel in the SDP: in the clear they protect nothing."""
        cleaned = self.cleaned_data
        if cleaned.get("srtp") == Srtp.REQUIRED and cleaned.get("transport") != Transport.TLS:
            self.add_error(
                "srtp", "Encrypted audio needs TLS: its keys travel in the SIP messages (RFC 4568)."
            )
        return cleaned

    def settings(self) -> dict[str, Any]:
        """The values of the trunk's own fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def new_password(self) -> str | None:
        """The password to set, empty to forget it, None to leave it as it is."""
        if self.cleaned_data["forget_password"]:
            return ""
        return self.cleaned_data["password"] or None
