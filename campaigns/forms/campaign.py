"""Forms of a campaign: settings, dispositions, recycling, message."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from accounts.models import Organisation
from campaigns.choices import Outcome
from campaigns.lawful import lawful_rule
from campaigns.models import Campaign, Disposition
from campaigns.services.save_campaign import all_facts
from compliance.law.wording import share
from compliance.models import CallerId

WEEKDAYS = (("1", "Mon"), ("2", "Tue"), ("3", "Wed"), ("4", "Thu"), ("5", "Fri"), ("6", "Sat"), ("7", "Sun"))
PERCENT = 100
RECORDING_MAX_BYTES = 8 * 1024 * 1024
LONGEST_RETRY_MIN = 90 * 24 * 60


class NewCampaignForm(forms.ModelForm):
    """What a campaign needs to exist; all else has defaults."""

    class Meta:
        model = Campaign
        fields = ("name", "method")
        help_texts = {
            "method": "Predictive places several lines an agent; progressive one; preview asks first."
        }


class CampaignForm(forms.ModelForm):
    """A campaign's settings. Caller IDs and trunks are the organisation's own."""

    weekdays = forms.MultipleChoiceField(
        choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, label="Days on which it dials"
    )
    abandon_percent = forms.FloatField(
        min_value=0,
        max_value=3,
        label="Abandoned calls at most (%)",
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )
    target_percent = forms.FloatField(
        min_value=0,
        max_value=3,
        required=False,
        label="Target (%)",
        help_text="The share that predictive pacing steers to, never above the limit. Empty: the limit itself.",
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )
    seen = forms.JSONField(widget=forms.HiddenInput, required=False)
    """The settings as the page showed them: so that nobody saves over what somebody else has saved meanwhile."""
    caller_ids = forms.ModelMultipleChoiceField(
        CallerId.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Caller IDs to show",
    )
    trunks = forms.ModelMultipleChoiceField(
        CallerId.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Trunks of its own",
        help_text="None chosen: the trunks that are open to all campaigns.",
    )

    class Meta:
        model = Campaign
        fields = (
            *("name", "method", "dial_ratio", "opens", "closes", "weekdays", "line_limit"),
            *("max_attempts", "ring_limit_s"),
            *("answer_wait_s", "wrapup_limit_s", "preview_limit_s", "script", "mask_numbers"),
            *("purpose", "topic", "consent_need", "check_reassigned"),
        )
        labels = {
            "opens": "Opens",
            "closes": "Closes",
            "dial_ratio": "Lines for each ready agent",
            "line_limit": "Lines at once at most",
            "max_attempts": "Attempts a lead at most",
            "ring_limit_s": "Ring for (s)",
            "answer_wait_s": "Wait for an agent (s)",
            "wrapup_limit_s": "Wrap-up limit (s)",
            "preview_limit_s": "Preview limit (s)",
            "mask_numbers": "Agents see only part of a lead's number",
            "purpose": "What it calls for",
            "topic": "Subject",
            "consent_need": "Consent it needs",
            "check_reassigned": "Dial only what the Reassigned Numbers Database answered “no” for",
        }
        help_texts = {
            "opens": "In the organisation's time zone; the law's hours at the lead hold besides.",
            "dial_ratio": "1 to 10, for the method Fixed ratio.",
            "line_limit": "Lowered while it dials: calls that are up go on, and none is placed above.",
            "ring_limit_s": "At least 15 s, by law.",
            "purpose": "Decides which registries, caps and consents the law asks for. In doubt: sales.",
            "topic": (
                "Limits on calls about the same subject count campaigns with the same word here together, and a "
                "consent for one subject counts only there. Empty: the campaign by itself."
            ),
            "consent_need": "More than the law asks for, never less. Consents are kept under Consent.",
            "check_reassigned": "For numbers with a dated consent; answers are good for 31 days.",
            "answer_wait_s": "A person who answered hears the message after this; at most 2 s, by law.",
            "script": "Fields of the lead in double braces: {{ first_name }}, {{ company }}, {{ custom.plan }}.",
        }
        widgets = {
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "script": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaign = self.instance
        self.initial["weekdays"] = list(campaign.weekdays)
        self.initial["abandon_percent"] = _percent(campaign.abandon_limit)
        self.initial["seen"] = all_facts(campaign)
        self.initial["target_percent"] = _percent(campaign.abandon_target)
        self.fields["dial_ratio"].required = False
        self.fields["abandon_percent"].help_text = _lawful_words(campaign)
        self._offer(
            "caller_ids", CallerId.objects.filter(organisation=organisation), campaign.caller_ids.all()
        )
        self._offer("trunks", organisation.trunks.all(), campaign.trunks.all())

    def _offer(self, name: str, queryset: Any, chosen: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = queryset
        self.initial[name] = [each.pk for each in chosen]

    def clean(self) -> dict[str, Any]:
        """What the person saw must be known."""
        cleaned = super().clean() or self.cleaned_data
        if not isinstance(cleaned.get("seen"), dict):
            raise forms.ValidationError("This page is not whole. Load it again; nothing was saved.")
        return cleaned

    def clean_dial_ratio(self) -> float:
        """Where another method is chosen the field may be away: the ratio stays."""
        ratio = self.cleaned_data["dial_ratio"]
        return float(self.initial["dial_ratio"] if ratio is None else ratio)

    def look_again(self) -> None:
        """The person has been told what changed meanwhile: the next save is made knowing that."""
        current = all_facts(Campaign.objects.get(pk=self.instance.pk))
        self.data = MultiValueDict(
            {**dict(self.data.lists()), "seen": [self.fields["seen"].prepare_value(current)]}  # type: ignore[attr-defined]
        )

    def clean_weekdays(self) -> str:
        """As the model keeps them."""
        return "".join(sorted(self.cleaned_data["weekdays"]))

    def settings(self) -> dict[str, Any]:
        """The values of the campaign's own fields."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        target = self.cleaned_data["target_percent"]
        return values | {
            "abandon_limit": self.cleaned_data["abandon_percent"] / PERCENT,
            "abandon_target": None if target is None else target / PERCENT,
        }


def _percent(value: float | None) -> float | None:
    return None if value is None else round(value * PERCENT, 2)


def _lawful_words(campaign: Campaign) -> str:
    rule = lawful_rule(campaign)
    return (
        f"Of calls that a person answered. Lawful: {share(rule.limit)} over {rule.window} ({rule.citation})."
    )


class DispositionForm(forms.ModelForm):
    """One row of the table of dispositions."""

    class Meta:
        model = Disposition
        fields = ("name", "code", "meaning", "retry_after_min", "key", "is_machine", "is_default", "active")
        widgets = {"key": forms.TextInput(attrs={"maxlength": 1, "inputmode": "numeric", "pattern": "[1-9]"})}

    def clean_key(self) -> str:
        """1 to 9, or none."""
        key = self.cleaned_data["key"]
        if key and key not in "123456789":
            raise forms.ValidationError("1 to 9")
        return key


DispositionFormSet = forms.modelformset_factory(Disposition, DispositionForm, extra=1)


class RecycleForm(forms.Form):
    """For each outcome: whether, when and how often a lead is called again."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = {rule.outcome: rule for rule in campaign.recycle_rules.all()}
        for outcome in recycled_outcomes():
            rule = rules.get(outcome)
            self.fields[f"{outcome}_minutes"] = forms.IntegerField(
                label=f"{outcome.label}: minutes until the next call",
                min_value=0,
                max_value=LONGEST_RETRY_MIN,
                required=False,
                initial=rule.retry_after_min if rule else None,
            )
            self.fields[f"{outcome}_attempts"] = forms.IntegerField(
                label=f"{outcome.label}: how often",
                min_value=1,
                max_value=99,
                required=False,
                initial=rule.max_attempts if rule else None,
            )

    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Label, minutes, attempts."""
        return [(o.label, self[f"{o}_minutes"], self[f"{o}_attempts"]) for o in recycled_outcomes()]

    def clean(self) -> dict[str, Any]:
        """Both values of an outcome, or none."""
        for outcome in recycled_outcomes():
            minutes, attempts = self._pair(outcome)
            if (minutes is None) != (attempts is None):
                self.add_error(f"{outcome}_attempts", f"{outcome.label}: give both values, or neither.")
        return self.cleaned_data

    def wanted(self) -> dict[str, tuple[int, int]]:
        """Outcome → (minutes, most attempts)."""
        pairs = {outcome.value: self._pair(outcome) for outcome in recycled_outcomes()}
        return {
            outcome: (a, b) for outcome, (a, b) in sorted(pairs.items()) if a is not None and b is not None
        }

    def _pair(self, outcome: Outcome) -> tuple[int | None, int | None]:
        return self.cleaned_data.get(f"{outcome}_minutes"), self.cleaned_data.get(f"{outcome}_attempts")


def recycled_outcomes() -> list[Outcome]:
    """Outcomes that rules can speak of: the others have one meaning only."""
    return [outcome for outcome in Outcome if outcome not in (Outcome.CONNECTED, Outcome.INVALID)]


class MessageForm(forms.Form):
    """The safe-harbour message: a text to speak, or a recording."""

    text = forms.CharField(
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Text to speak",
        help_text="{{ organisation }} and {{ number }} are filled in. Name the caller and a number; sell nothing.",
    )
    recording = forms.FileField(
        required=False,
        label="Or a recording",
        help_text="A WAV file of 1 to 60 seconds; it goes before the text.",
        widget=forms.ClearableFileInput(attrs={"accept": ".wav,audio/wav"}),
    )

    def clean_recording(self) -> bytes | None:
        """The file's bytes."""
        file = self.cleaned_data["recording"]
        if file is None:
            return None
        if file.size > RECORDING_MAX_BYTES:
            raise forms.ValidationError("The recording is larger than 8 MB. Shorten it.")
        return file.read()
