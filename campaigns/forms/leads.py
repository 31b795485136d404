"""Forms of lists, leads and imports."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Organisation
from campaigns.choices import Duplicates, LeadStatus, Scope
from campaigns.importing.numbers import NumberProblem, read_number, unwrap
from campaigns.models import Campaign, Lead, LeadList, Skill
from compliance.law.places import UnknownPlace, tidy_state
from compliance.law.zones import known_names


class ListForm(forms.ModelForm):
    """A list and the campaign that dials it."""

    class Meta:
        model = LeadList
        fields = ("name", "campaign", "priority", "skill", "active")
        labels = {"active": "Dial the leads of this list", "skill": "Skill that its people ask for"}
        help_texts = {
            "priority": "Lists with a higher number are dialed first.",
            "skill": "Its leads are dialed only while an agent who has it is ready, and go to nobody else.",
        }

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["campaign"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Campaign.objects.filter(organisation=organisation)
        field.empty_label = "None: not dialed"
        skill = self.fields["skill"]
        assert isinstance(skill, forms.ModelChoiceField)
        skill.queryset = Skill.objects.filter(organisation=organisation)
        skill.empty_label = "None: any agent"


class LeadForm(forms.ModelForm):
    """A lead and its numbers, one a line."""

    numbers = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Phone numbers",
        help_text="One a line, the first is tried first.",
    )

    class Meta:
        model = Lead
        fields = (
            *("first_name", "last_name", "company", "email", "address", "city", "state", "postal_code"),
            *("country", "time_zone", "external_id", "notes"),
        )
        labels = {
            "postal_code": "ZIP or postal code",
            "external_id": "Your own id",
            "email": "E-mail",
            "time_zone": "Time zone",
        }
        help_texts = {
            "state": "Two letters or the name. The law of every state that number, ZIP and this point to holds.",
            "time_zone": "As America/Chicago. Added to what number and ZIP say, never instead.",
        }
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def clean_country(self) -> str:
        """Two capital letters."""
        return self.cleaned_data["country"].upper()

    def clean_time_zone(self) -> str:
        """The name of a zone that there is, or nothing."""
        name: str = self.cleaned_data["time_zone"].strip()
        if name and name not in known_names():
            raise forms.ValidationError("There is no such time zone. Write it as America/Chicago.")
        return name

    def clean(self) -> dict[str, Any]:
        """The state as its two letters."""
        cleaned = self.cleaned_data
        try:
            cleaned["state"] = tidy_state(cleaned.get("state", ""), cleaned.get("country", ""))
        except UnknownPlace as unknown:
            self.add_error("state", str(unknown))
        return cleaned

    def clean_numbers(self) -> list[str]:
        """Each line as E.164."""
        found = []
        country = (self.data.get("country") or "US").upper()
        for line in self.cleaned_data["numbers"].splitlines():
            if not line.strip():
                continue
            try:
                found.append(read_number(unwrap(line), country))
            except NumberProblem as problem:
                raise forms.ValidationError(problem.message) from problem
        return list(dict.fromkeys(found))


class LeadSearchForm(forms.Form):
    """What leads are looked for by."""

    q = forms.CharField(required=False, max_length=80, label="Look for")
    lead_list = forms.ModelChoiceField(
        LeadList.objects.none(), required=False, label="List", empty_label="All lists"
    )
    status = forms.ChoiceField(required=False, choices=[("", "Any status"), *LeadStatus.choices])

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lead_list"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = LeadList.objects.filter(organisation=organisation)


class UploadForm(forms.Form):
    """The file and where it goes: a list there is, or a new one."""

    file = forms.FileField(
        label="CSV file", widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"})
    )
    lead_list = forms.ModelChoiceField(
        LeadList.objects.none(), required=False, label="Into the list", empty_label="A new list"
    )
    new_list = forms.CharField(required=False, max_length=80, label="Name of the new list")
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), required=False, label="Campaign of the new list", empty_label="None yet"
    )

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisation = organisation
        for name, queryset in (
            ("lead_list", LeadList.objects.filter(organisation=organisation)),
            ("campaign", Campaign.objects.filter(organisation=organisation)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset

    def clean(self) -> dict[str, Any]:
        """One of the two lists."""
        cleaned = self.cleaned_data
        name = cleaned.get("new_list", "").strip()
        if not cleaned.get("lead_list") and not name:
            self.add_error("new_list", "Choose a list, or name a new one.")
        elif not cleaned.get("lead_list") and LeadList.objects.filter(
            organisation=self._organisation, name=name
        ):
            self.add_error("new_list", "There is a list of this name. Choose it above.")
        return cleaned


class CheckForm(forms.Form):
    """How a staged file is to be read; the mapping's own fields are named after the columns' places."""

    country = forms.CharField(max_length=2, min_length=2, label="Country of numbers without +")
    duplicates = forms.ChoiceField(choices=Duplicates.choices, label="When a number is already there")
    scope = forms.ChoiceField(choices=Scope.choices, label="Look for it")

    def clean_country(self) -> str:
        """Two capital letters."""
        return self.cleaned_data["country"].upper()
