"""Forms of the organisation's own do-not-call list."""

from __future__ import annotations

from django import forms

from ..numbers import normalise

NUMBERS_AT_ONCE = 5000


class DncAddForm(forms.Form):
    """Numbers that asked not to be called."""

    numbers = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), label="Numbers", help_text="One a line."
    )
    note = forms.CharField(max_length=200, required=False, label="Note")

    def clean_numbers(self) -> list[str]:
        """The lines that hold something."""
        lines = [line.strip() for line in self.cleaned_data["numbers"].splitlines() if line.strip()]
        if len(lines) > NUMBERS_AT_ONCE:
            raise forms.ValidationError(
                f"At most {NUMBERS_AT_ONCE:,} numbers at once. Cut the list into parts."
            )
        return lines


class DncRemoveForm(forms.Form):
    """A number that may be called again, and why."""

    number = forms.CharField(max_length=24)
    reason = forms.CharField(
        max_length=200, error_messages={"required": "Say why the number may be called again."}
    )

    def clean_number(self) -> str:
        """As E.164."""
        number = normalise(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError("This is not a phone number.")
        return number


class DncSearchForm(forms.Form):
    """A number to look for."""

    number = forms.CharField(max_length=24, required=False, label="Number")
