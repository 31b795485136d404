"""Forms of ranks and levels: one number for each agent, skill or campaign, empty for none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from campaigns.choices import Routing
from campaigns.models import Skill

from .choices import RANK_BEST, RANK_LAST


class RanksForm(forms.Form):
    """A column of numbers. ``rows``: (id, name); ``known``: id → number; the prefix keeps two on a page apart."""

    def __init__(
        self, *args: Any, rows: Iterable[tuple[int, str]], known: Mapping[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for of, name in rows:
            self.fields[str(of)] = forms.IntegerField(
                label=name,
                required=False,
                min_value=RANK_BEST,
                max_value=RANK_LAST,
                initial=known.get(of),
                widget=forms.NumberInput(attrs={"min": RANK_BEST, "max": RANK_LAST}),
            )

    def wanted(self) -> dict[int, int]:
        """Id → number, of those that were given one."""
        return {int(of): value for of, value in self.cleaned_data.items() if value is not None}


class RoutingForm(forms.Form):
    """Who gets the next person."""

    routing = forms.ChoiceField(
        choices=Routing.choices,
        label="Who gets the next person",
        help_text="Of the agents who are ready. A list that asks for a skill is served only by those who have it.",
    )


class SkillForm(forms.ModelForm):
    """A skill's name."""

    class Meta:
        model = Skill
        fields = ("name",)
        labels = {"name": "Name"}
        help_texts = {"name": "Such as a language, or a product."}
