"""What a person may look for among decisions, numbers and months."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from compliance.choices import Refused
from compliance.numbers import normalise

from .compliance_report.month import Month, NoMonth
from .selectors.decisions import PERMITTED, DecisionSearch

SHOWN_DAYS = 31
"""How far back a search without a day looks."""
BAD_NUMBER = "This is no phone number. Write it as 212 555 0123 or +12125550123."


class DayInput(forms.DateInput):
    """The browser's own picker of a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CampaignForm(forms.Form):
    """Base of forms that may be narrowed to one of the organisation's campaigns."""

    campaign = forms.ModelChoiceField(Campaign.objects.none(), required=False, empty_label="Any")

    def __init__(self, user: User, data: Any) -> None:
        super().__init__(data)
        self.user = user
        field = self.fields["campaign"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Campaign.objects.filter(organisation=user.organisation_id)

    def campaign_id(self) -> int | None:
        """The chosen campaign, of a valid form."""
        chosen = self.cleaned_data["campaign"]
        return chosen.pk if chosen else None


class DecisionSearchForm(CampaignForm):
    """Filters of decisions; days are the organisation's."""

    reason = forms.ChoiceField(
        required=False,
        label="Answer",
        choices=[("", "Any"), (PERMITTED, "Permitted"), *Refused.choices],
    )
    day = forms.DateField(required=False, widget=DayInput)
    field_order = ("day", "campaign", "reason")

    def search(self, now: dt.datetime) -> DecisionSearch:
        """The filters of a valid form; without a day the last ``SHOWN_DAYS`` up to ``now``."""
        day: dt.date | None = self.cleaned_data["day"]
        zone = timezone.get_current_timezone()
        if day is None:
            since, until = now - dt.timedelta(days=SHOWN_DAYS), now + dt.timedelta(days=1)
        else:
            since = dt.datetime.combine(day, dt.time(), zone)
            until = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
        return DecisionSearch(since, until, self.campaign_id(), self.cleaned_data["reason"])


class WhyForm(CampaignForm):
    """A number in any form."""

    number = forms.CharField(max_length=24, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    field_order = ("number", "campaign")

    def clean_number(self) -> str:
        """E.164, read with the organisation's country where it has none."""
        number = normalise(self.cleaned_data["number"], self.user.organisation.country)
        if number is None:
            raise forms.ValidationError(BAD_NUMBER)
        return number


class MonthInput(forms.TextInput):
    """The browser's own picker of a month."""

    input_type = "month"


class MonthForm(forms.Form):
    """A month, written 2026-11."""

    month = forms.CharField(max_length=7, widget=MonthInput)

    def clean_month(self) -> Month:
        """The month, not one that has yet to begin."""
        try:
            month = Month.read(self.cleaned_data["month"])
        except NoMonth as error:
            raise forms.ValidationError(str(error)) from error
        today = timezone.localdate()
        if (month.year, month.number) > (today.year, today.month):
            raise forms.ValidationError("This month has not begun. Choose an earlier one.")
        return month
