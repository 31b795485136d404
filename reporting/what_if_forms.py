"""What a supervisor asks: whose history, which shift, and the sides of the comparison."""

from __future__ import annotations

from typing import Any

from django import forms

from campaigns.models import Campaign, LeadList

from .what_if.plan import (
    AGENTS_MOST,
    DAYS_MOST,
    HOURS_MOST,
    LINES_MOST,
    PACED,
    RATIO_LEAST,
    RATIO_MOST,
    SHORTEST_HOURS,
)
from .what_if.values import Settings

WHAT_IFS = 3
PERCENT = 100
METHODS = [(method.value, label) for method, label in PACED.items()]
BOUNDS = {"min_value": "At least %(limit_value)s.", "max_value": "At most %(limit_value)s."}
"""Short words: they stand under a narrow field."""
CLOCKS = [(hour, f"{hour}:00") for hour in range(24)]


class HistoryForm(forms.Form):
    """Whose calls tell how people answer."""

    campaign = forms.ModelChoiceField(Campaign.objects.none(), empty_label=None)
    list = forms.ModelChoiceField(
        LeadList.objects.none(), required=False, empty_label="All of the campaign", label="List"
    )

    def __init__(self, organisation_id: int, data: Any) -> None:
        super().__init__(data)
        self._offer("campaign", Campaign.objects.filter(organisation=organisation_id))
        self._offer("list", LeadList.objects.filter(organisation=organisation_id, campaign__isnull=False))

    def _offer(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def clean(self) -> dict[str, Any]:
        """A list of another campaign has no history with this one."""
        campaign, lead_list = self.cleaned_data.get("campaign"), self.cleaned_data.get("list")
        if campaign and lead_list and lead_list.campaign_id != campaign.pk:
            self.add_error("list", f"“{lead_list}” is not a list of “{campaign}”. Choose one of its own.")
        return self.cleaned_data


class ShiftForm(forms.Form):
    """The shift, and how many agents there are now."""

    starts_hour = forms.TypedChoiceField(choices=CLOCKS, coerce=int, label="Shift begins")
    hours = forms.FloatField(
        min_value=SHORTEST_HOURS, max_value=HOURS_MOST, label="Hours", error_messages=BOUNDS,
        widget=forms.NumberInput(attrs={"step": "0.25"}),
    )  # fmt: skip
    days = forms.IntegerField(min_value=1, max_value=DAYS_MOST, label="Days simulated", error_messages=BOUNDS)
    now_agents = forms.IntegerField(
        min_value=1, max_value=AGENTS_MOST, label="Agents now", error_messages=BOUNDS
    )


class SideForm(forms.Form):
    """One "what if"; without agents it is left out."""

    agents = forms.IntegerField(min_value=1, max_value=AGENTS_MOST, required=False, error_messages=BOUNDS)
    method = forms.ChoiceField(choices=METHODS)
    target_percent = forms.FloatField(
        min_value=0, max_value=3, label="Abandoned at most (%)", error_messages=BOUNDS,
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )  # fmt: skip
    dial_ratio = forms.FloatField(
        min_value=RATIO_LEAST, max_value=RATIO_MOST, label="Lines a ready agent", error_messages=BOUNDS,
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )  # fmt: skip
    line_limit = forms.IntegerField(
        min_value=1, max_value=LINES_MOST, label="Lines at most", error_messages=BOUNDS
    )

    def settings(self, name: str) -> Settings | None:
        """The side; None where it is left out."""
        given = self.cleaned_data
        if not given.get("agents"):
            return None
        return Settings(
            name=name,
            agents=given["agents"],
            method=given["method"],
            target=given["target_percent"] / PERCENT,
            dial_ratio=given["dial_ratio"],
            line_limit=given["line_limit"],
        )


SidesFormSet = forms.formset_factory(SideForm, extra=0, min_num=WHAT_IFS, max_num=WHAT_IFS, validate_max=True)


def side_initial(side: Settings, agents: int | None) -> dict[str, Any]:
    """A row that begins with these settings."""
    return {
        "agents": agents,
        "method": side.method,
        "target_percent": plain(side.target * PERCENT),
        "dial_ratio": plain(side.dial_ratio),
        "line_limit": side.line_limit,
    }


def plain(value: float) -> str:
    """A figure as a person would type it: 4, not 4.0."""
    return f"{value:.6g}"
