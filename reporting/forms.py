"""What a person may look for among calls."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.choices import Capability
from accounts.models import User
from campaigns.choices import Outcome
from campaigns.models import Campaign, Disposition
from compliance.numbers import normalise
from dialer.calls.models import Trunk

from .selectors.calls import CallSearch

SHORTEST_BEGINNING = 4
"""Digits that the beginning of a number must have."""
WHOLE_NUMBER_DIGITS = 10
LOCAL_TIME = "%Y-%m-%dT%H:%M"


class LocalTimeInput(forms.DateTimeInput):
    """The browser's own picker of date and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=LOCAL_TIME)


class PersonField(forms.ModelChoiceField):
    """A person by the name that colleagues know."""

    def label_from_instance(self, obj: Any) -> str:
        """The name shown."""
        return obj.display_name


class CallSearchForm(forms.Form):
    """Filters of the call search; times are those of the organisation's clocks."""

    since = forms.DateTimeField(required=False, label="From", widget=LocalTimeInput)
    until = forms.DateTimeField(required=False, label="To", widget=LocalTimeInput)
    number = forms.CharField(required=False, max_length=24)
    campaign = forms.ModelChoiceField(Campaign.objects.none(), required=False, empty_label="Any")
    agent = PersonField(User.objects.none(), required=False, empty_label="Anybody")
    outcome = forms.ChoiceField(required=False, choices=[("", "Any"), *Outcome.choices])
    disposition = forms.ChoiceField(required=False)
    trunk = forms.ModelChoiceField(Trunk.objects.none(), required=False, empty_label="Any")

    def __init__(self, user: User, data: Any) -> None:
        super().__init__(data)
        self.user = user
        organisation = user.organisation_id
        self._model_field("campaign").queryset = Campaign.objects.filter(organisation=organisation)
        self._model_field("trunk").queryset = Trunk.objects.filter(organisation=organisation).order_by("name")
        self._model_field("agent").queryset = User.objects.filter(organisation=organisation).order_by(
            "first_name", "username"
        )
        names = Disposition.objects.filter(campaign__organisation=organisation).order_by("name")
        choices = [(name, name) for name in names.values_list("name", flat=True).distinct()]
        disposition = self.fields["disposition"]
        if isinstance(disposition, forms.ChoiceField):
            disposition.choices = [("", "Any"), *choices]
        if not user.can(Capability.SEE_NUMBERS):
            self.fields["number"].help_text = "The whole number"

    def _model_field(self, name: str) -> forms.ModelChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def clean_number(self) -> str:
        """E.164, whole or its beginning; without ``SEE_NUMBERS`` whole, lest digits be found by trying."""
        text = self.cleaned_data["number"].strip()
        if not text:
            return ""
        digits = "".join(character for character in text if character.isdigit())
        whole = normalise(text) if len(digits) >= WHOLE_NUMBER_DIGITS else None
        if whole is None and not self.user.can(Capability.SEE_NUMBERS):
            raise forms.ValidationError("Give the whole number, such as 212 555 0123 or +12125550123.")
        if whole is None and len(digits) < SHORTEST_BEGINNING:
            raise forms.ValidationError(f"Give at least {SHORTEST_BEGINNING} digits of its beginning.")
        return whole or (f"+{digits}" if text.startswith("+") else f"+1{digits}")

    def clean(self) -> dict[str, Any]:
        """An end before the beginning finds nothing: say so."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until <= since:
            self.add_error("until", "Choose a time after the beginning.")
        return self.cleaned_data

    def search(self) -> CallSearch:
        """The filters of a valid form."""
        given = self.cleaned_data
        chosen = {name: given[name].pk if given[name] else None for name in ("campaign", "agent", "trunk")}
        return CallSearch(
            since=given["since"],
            until=given["until"],
            number=given["number"],
            whole_number=not self.user.can(Capability.SEE_NUMBERS),
            outcome=given["outcome"],
            disposition=given["disposition"],
            **chosen,
        )
