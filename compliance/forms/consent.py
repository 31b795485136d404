"""Forms of the ledger of consents."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import Organisation

from ..choices import ConsentFile, ConsentKind, ConsentMeans
from ..consent.drafts import SCOPE_LENGTH, SOURCE_LENGTH, TEXT_LENGTH, Draft
from ..consent.proofs import MAX_PROOF_BYTES, BadProof, Proof, take_in
from ..numbers import normalise, to_digits

GRANTS = [choice for choice in ConsentKind.choices if choice[0] != ConsentKind.REVOKED]
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class NumberField(forms.CharField):
    """A phone number as E.164."""

    def __init__(self, country: str = "US", **kwargs: Any) -> None:
        super().__init__(max_length=24, label="Number", **kwargs)
        self.country = country

    def clean(self, value: Any) -> str:
        """Raises ``ValidationError`` where it is none."""
        text = super().clean(value)
        number = normalise(text, self.country) if text else ""
        if number is None:
            raise forms.ValidationError("This is no phone number. Write it as +12025550123.")
        return number


class _ForOrganisation(forms.Form):
    """Numbers as the organisation's country writes them."""

    number = NumberField()

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.fields["number"]
        assert isinstance(number, NumberField)
        number.country = organisation.country


class ConsentForm(_ForOrganisation):
    """One consent or relationship, with what shows it."""

    kind = forms.ChoiceField(choices=GRANTS, label="What")
    given_at = forms.DateTimeField(widget=MOMENT, label="When it was given")
    expires_at = forms.DateTimeField(
        widget=MOMENT, required=False, label="Good until", help_text="Relationships end by law at the latest."
    )
    means = forms.ChoiceField(choices=ConsentMeans.choices, label="How it reached you")
    scope = forms.CharField(
        max_length=SCOPE_LENGTH,
        required=False,
        label="Only for the subject",
        help_text="As campaigns write theirs. Empty: for all of your calls.",
    )
    text = forms.CharField(
        max_length=TEXT_LENGTH, required=False, label="Wording", widget=forms.Textarea(attrs={"rows": 3})
    )
    source = forms.CharField(
        max_length=SOURCE_LENGTH,
        required=False,
        label="Where it came from",
        help_text="A page, a call, a file.",
    )
    proof = forms.FileField(
        required=False,
        label="Proof",
        help_text=f"PDF, PNG, JPEG, WAV, MP3 or text, at most {MAX_PROOF_BYTES // 1024 // 1024} MB.",
    )

    def clean_proof(self) -> Proof | None:
        """The file, looked at."""
        file: UploadedFile | None = self.cleaned_data["proof"]
        if file is None:
            return None
        try:
            return take_in(file.chunks())
        except BadProof as error:
            raise forms.ValidationError(str(error)) from error

    def draft(self) -> Draft:
        """The entry, still to be checked."""
        values = self.cleaned_data
        return Draft(
            number=to_digits(values["number"]),
            kind=ConsentKind(values["kind"]),
            given_at=values["given_at"],
            expires_at=values["expires_at"],
            means=ConsentMeans(values["means"]),
            scope=values["scope"].strip(),
            text=values["text"].strip(),
            source=values["source"].strip(),
        )


class RevokeForm(_ForOrganisation):
    """Somebody takes back what they agreed to."""

    means = forms.ChoiceField(choices=ConsentMeans.choices, label="How they said it")
    text = forms.CharField(
        max_length=TEXT_LENGTH,
        required=False,
        label="What they said",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConsentFileForm(forms.Form):
    """A file of consents, or of the database's answers."""

    kind = forms.ChoiceField(choices=ConsentFile.choices, label="What it holds")
    file = forms.FileField(
        label="CSV file",
        help_text=(
            "Consents: the first line names number, kind and given_at; expires_at, means, scope, text and source "
            "if there are any. Answers: number, date and answer."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    answered_on = forms.DateField(
        required=False,
        label="Day of the answers",
        help_text="Of the database's answers only. Empty: today.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def answered_at(self) -> datetime:
        """The first moment of that day on the person's clock, or now."""
        day, now = self.cleaned_data["answered_on"], timezone.now()
        return min(now, timezone.make_aware(datetime.combine(day, time()))) if day else now


class ConsentSearchForm(forms.Form):
    """A number to look up."""

    number = forms.CharField(max_length=24, required=False, label="Number")
