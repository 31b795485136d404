"""Forms of the integration pages; services check and write."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from accounts.models import Organisation
from accounts.scopes import Scope
from campaigns.models import Campaign

from .choices import DeliveryState
from .events import EVENT_TYPES
from .models import Hook

LIVES_DAYS = (("90", "90 days"), ("365", "One year"), ("30", "30 days"), ("", "Until it is revoked"))


class ApiKeyForm(forms.Form):
    """What a key is for, what it may do, and how long."""

    name = forms.CharField(max_length=80, help_text="What will use it, such as “Zapier” or “CRM sync”.")
    scopes = forms.MultipleChoiceField(
        label="It may", choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    life = forms.ChoiceField(label="It works for", choices=LIVES_DAYS, required=False)

    def expires_at(self, now: datetime) -> datetime | None:
        """When the key ends, None for never."""
        days = self.cleaned_data["life"]
        return now + timedelta(days=int(days)) if days else None


class HookForm(forms.Form):
    """Where events go and which."""

    target_url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/hook"}),
        help_text="A public https address that answers 2xx within 15 seconds.",
    )
    event_types = forms.MultipleChoiceField(
        label="Events",
        choices=[(event.name, f"{event.title} ({event.name})") for event in EVENT_TYPES.values()],
        initial=list(EVENT_TYPES),
        widget=forms.CheckboxSelectMultiple,
    )
    campaign = forms.ModelChoiceField(Campaign.objects.none(), required=False, empty_label="All campaigns")

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["campaign"]
        assert isinstance(offered, forms.ModelChoiceField)
        offered.queryset = Campaign.objects.filter(organisation=organisation)


class HookChoiceField(forms.ModelChoiceField):
    """A choice of webhooks by their address."""

    def label_from_instance(self, obj: Hook) -> str:
        """What the list shows."""
        return obj.target_url


class DeliveryFilterForm(forms.Form):
    """Which part of the log is shown."""

    state = forms.ChoiceField(choices=[("", "Any state"), *DeliveryState.choices], required=False)
    hook = HookChoiceField(Hook.objects.none(), label="Webhook", required=False, empty_label="All webhooks")

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["hook"]
        assert isinstance(offered, HookChoiceField)
        offered.queryset = Hook.objects.filter(organisation=organisation)
