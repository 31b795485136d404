"""Forms of large lists and wildcards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Organisation

from ..choices import ListKind

DATE = forms.DateInput(attrs={"type": "date"})
SIGNS = (("", "A column says A or D"), ("add", "All are added"), ("remove", "All are deleted"))


class ListForm(forms.Form):
    """A new list: what it is and whose numbers it holds."""

    name = forms.CharField(max_length=80, label="Name", help_text="It stands in every decision.")
    kind = forms.ChoiceField(choices=ListKind.choices, label="What it is")
    country = forms.CharField(
        max_length=2,
        required=False,
        label="Country",
        help_text="US, CA, GB … Empty: yours for a registry, any for your own lists.",
    )
    state = forms.CharField(
        max_length=30, required=False, label="State", help_text="Of a state's registry, as FL."
    )
    campaign = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label="Campaign", help_text="Of a campaign's own list."
    )
    max_age_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=3650,
        label="Oldest, in days",
        help_text="Past it the gate closes for what needs the list. Empty: as the law says.",
    )

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["campaign"]
        assert isinstance(field, forms.TypedChoiceField)
        campaigns = organisation.campaigns.order_by("name").values_list("pk", "name")
        field.choices = [("", "All"), *campaigns]


class LoadForm(forms.Form):
    """The whole list as it was delivered."""

    file = forms.FileField(label="File", help_text="Text, CSV, gzip or zip, as the registry delivers it.")
    as_of = forms.DateField(label="Date of the data", widget=DATE, initial=timezone.localdate)
    accept_shrink = forms.BooleanField(required=False, label="It may be much shorter than the version before")


class ChangeForm(LoadForm):
    """Numbers that came and went since."""

    signs = forms.ChoiceField(required=False, choices=SIGNS, label="Its numbers")

    @property
    def adding(self) -> bool | None:
        """Whether all are added or all deleted; None: the file says."""
        return {"add": True, "remove": False}.get(self.cleaned_data["signs"])


class WildcardForm(forms.Form):
    """A beginning of numbers to block."""

    begins = forms.CharField(max_length=20, label="Begins with", help_text="212, 212-555 or +4470.")
    note = forms.CharField(max_length=200, required=False, label="Why")


class NumberForm(forms.Form):
    """A number to look for on all lists."""

    number = forms.CharField(max_length=24, required=False, label="Number")
