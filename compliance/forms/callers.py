"""Forms of caller IDs."""

from __future__ import annotations

from django import forms

from ..choices import Attestation
from ..models import CallerId
from ..services.add_caller_ids import LINES_MAX, Defaults

LIMIT_MAX = 100_000
REASON_LENGTH = 100
REST_HOURS_MAX = 24 * 365
LIMIT_HELP = "Calls a day that may show it; 0 is no limit. Networks look at numbers that call more often."
ATTESTATION_HELP = (
    "The highest level that a signature may claim. A needs the proof of the right to the number."
)


class CallerIdForm(forms.Form):
    """A number to show, and the proof of the right to."""

    number = forms.CharField(
        max_length=24, label="Number", help_text="One that can be called back, as +12125550100."
    )
    display_name = forms.CharField(max_length=40, required=False, label="Name to show")
    attestation = forms.ChoiceField(
        choices=Attestation.choices,
        required=False,
        initial=Attestation.C,
        label="Attestation",
        help_text=ATTESTATION_HELP,
    )
    daily_limit = forms.IntegerField(
        min_value=0, max_value=LIMIT_MAX, required=False, initial=0, label="Daily limit", help_text=LIMIT_HELP
    )
    proof = forms.CharField(
        max_length=200,
        required=False,
        label="Proof of the right to use it",
        help_text="Such as the contract or the carrier's letter, and where it lies.",
    )
    rests_by_itself = forms.BooleanField(
        required=False,
        initial=True,
        label="Rests by itself",
        help_text="When networks block it or its answer rate falls. Else only people put it to rest.",
    )
    active = forms.BooleanField(required=False, label="May be shown")

    def clean_attestation(self) -> str:
        """What is not said is the least."""
        return self.cleaned_data["attestation"] or Attestation.C

    def clean_daily_limit(self) -> int:
        """Empty is no limit."""
        return self.cleaned_data["daily_limit"] or 0

    @staticmethod
    def initial_of(caller_id: CallerId) -> dict[str, object]:
        """The values of a stored one."""
        return {name: getattr(caller_id, name) for name in CallerIdForm.base_fields}


class CallerIdsForm(forms.Form):
    """Many numbers at once, and what holds for all of them."""

    lines = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        label="Numbers",
        help_text="One a line. Name, attestation, daily limit and proof may follow, separated by commas.",
    )
    display_name = forms.CharField(max_length=40, required=False, label="Name to show")
    attestation = forms.ChoiceField(
        choices=Attestation.choices, initial=Attestation.C, label="Attestation", help_text=ATTESTATION_HELP
    )
    daily_limit = forms.IntegerField(
        min_value=0, max_value=LIMIT_MAX, initial=100, label="Daily limit", help_text=LIMIT_HELP
    )
    proof = forms.CharField(
        max_length=200,
        label="Proof of the right to use them",
        help_text="Such as the contract or the carrier's letter, and where it lies.",
    )

    def clean_lines(self) -> list[str]:
        """As they stand, empty ones too: errors name a line by its place."""
        lines = self.cleaned_data["lines"].splitlines()
        if len(lines) > LINES_MAX:
            raise forms.ValidationError(f"At most {LINES_MAX:,} lines at once. Cut the list into parts.")
        return lines

    def defaults(self) -> Defaults:
        """What holds for a line that does not say it itself."""
        names = ("display_name", "attestation", "daily_limit", "proof")
        return Defaults(**{name: self.cleaned_data[name] for name in names})


class WakeForm(forms.Form):
    """Why a number may be shown before its rest is over."""

    reason = forms.CharField(
        max_length=REASON_LENGTH, error_messages={"required": "Say why the number may be shown again."}
    )


class RestForm(forms.Form):
    """How long a number is not to be shown, and why."""

    hours = forms.IntegerField(min_value=1, max_value=REST_HOURS_MAX, initial=24, label="Hours")
    reason = forms.CharField(
        max_length=REASON_LENGTH,
        label="Why",
        error_messages={"required": "Say why the number is not to be shown."},
    )


class SearchForm(forms.Form):
    """Which numbers to list."""

    STATES = (("", "All"), ("rests", "Resting"), ("off", "Switched off"))
    number = forms.CharField(max_length=24, required=False, label="Number")
    state = forms.ChoiceField(choices=STATES, required=False, label="State")
