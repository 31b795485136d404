"""The form in which a rule of law is changed: its own fields, with what the law says filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from ..law import holidays
from ..law.abandonment import AbandonmentRow
from ..law.catalogue import plain_values
from ..law.loading import Row
from ..law.overrides import CLOCK_STARTS
from ..law.wording import COUNTED, DAYS, NAMES, STARTS, place_name

PERCENT = 100
SPAN_HELP = "24 h, 7 days or calendar month."
CLOCK_HELP = "On the clock of the called party, as 09:00."
FIELD_PREFIX = "value_"


class PlaceForm(forms.Form):
    """Where rules are looked for."""

    place = forms.ChoiceField(required=False, label="Place")

    def __init__(self, places: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Everywhere"), *places]


class ChangeForm(forms.Form):
    """New values of a rule, why, and from when until when."""

    reason = forms.CharField(
        max_length=400, label="Why", help_text="Kept with the change and in the audit log."
    )
    effective = forms.DateField(
        required=False,
        label="First day",
        help_text="Empty: today.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    ends = forms.DateField(
        required=False,
        label="First day without it",
        help_text="Needed for what is looser than the law.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, row: Row, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        for name, value in plain_values(row).items():
            make = _share_field if _is_share(row, name) else FIELDS[name]
            field = make(value)
            field.label = field.label or NAMES[name]
            self.fields[FIELD_PREFIX + name] = field
        self.order_fields([FIELD_PREFIX + name for name in plain_values(row)])

    def value_fields(self) -> list[forms.BoundField]:
        """The fields of the rule itself."""
        return [field for field in self if field.name.startswith(FIELD_PREFIX)]

    def values(self) -> Mapping[str, Any]:
        """All values of the rule as JSON, changed or not."""
        found = {name: self.cleaned_data[FIELD_PREFIX + name] for name in plain_values(self.row)}
        if "weekdays" in found:
            found["weekdays"] = "".join(sorted(found["weekdays"]))
        if _is_share(self.row, "limit") and found["limit"] is not None:
            found["limit"] = round(found["limit"] / PERCENT, 6)
        return found


def _is_share(row: Row, name: str) -> bool:
    return name == "limit" and isinstance(row, AbandonmentRow)


def _share_field(value: float | None) -> forms.Field:
    return forms.FloatField(
        initial=None if value is None else round(value * PERCENT, 4),
        required=False,
        min_value=0,
        max_value=PERCENT,
        label="At most (%)",
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )


def _clock(value: str) -> forms.Field:
    return forms.CharField(initial=value, max_length=5, help_text=CLOCK_HELP)


def _span(value: str) -> forms.Field:
    return forms.CharField(initial=value, max_length=20, help_text=SPAN_HELP)


def _whole(value: int) -> forms.Field:
    return forms.IntegerField(initial=value, min_value=0)


def _seconds(value: float) -> forms.Field:
    return forms.FloatField(initial=value, min_value=0, widget=forms.NumberInput(attrs={"step": "0.1"}))


def _yes(value: bool) -> forms.Field:
    return forms.BooleanField(initial=value, required=False)


def _several(value: Any, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=choices, initial=list(value), required=False, widget=forms.CheckboxSelectMultiple
    )


def _calendars(value: list[str]) -> forms.Field:
    known = sorted({each for row in holidays.table().rows for each in row.where} | set(value))
    return _several(value, [(each, place_name(each)) for each in known])


FIELDS: dict[str, Callable[[Any], forms.Field]] = {
    "opens": _clock,
    "closes": _clock,
    "weekdays": lambda value: _several(value, list(DAYS.items())),
    "holidays": _calendars,
    "limit": _whole,
    "within": _span,
    "per": lambda value: _several(value, list(COUNTED.items())),
    "same_topic": _yes,
    "hours": _whole,
    "live_agent_exempt": _yes,
    "measured_over": _span,
    "clock_start": lambda value: forms.ChoiceField(
        choices=[(each, STARTS[each]) for each in CLOCK_STARTS], initial=value
    ),
    "answer_wait_s": _seconds,
    "ring_s": _whole,
}
"""Field of a rule → the control that takes it."""
