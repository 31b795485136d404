"""The question on the page: its forms filled from the campaign, or from an earlier question, and read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django import forms
from django.http import QueryDict

from campaigns.models import Campaign, LeadList
from compliance.law.abandonment import AbandonmentRule
from reporting.models import Simulation
from reporting.what_if_forms import WHAT_IFS, ShiftForm, SidesFormSet, plain, side_initial

from .history import History, read_history
from .plan import NOW, make_plan, settings_of, side_name
from .present import frame_of, law_of, present_agents, present_settings
from .values import BadPlan, Plan, Settings

USUAL_HOURS, USUAL_DAYS = 4.0, 3
"""Answered within a minute or two, and the days tell how far chance goes."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a question about this campaign stands on."""

    campaign: Campaign
    lead_list: LeadList | None
    law: AbandonmentRule
    now: Settings
    history: History


def ground_of(campaign: Campaign, lead_list: LeadList | None, now: datetime) -> Ground:
    """The campaign's present settings and its history."""
    law = law_of(campaign, now)
    present = present_settings(campaign, present_agents(campaign), law)
    return Ground(campaign, lead_list, law, present, read_history(campaign, lead_list, now))


class Question:
    """The forms of the shift and of the sides."""

    def __init__(
        self, ground: Ground, data: QueryDict | None = None, earlier: Simulation | None = None
    ) -> None:
        self.ground = ground
        plan = msgspec.convert(earlier.scenario, Plan) if earlier else None
        self.shift = ShiftForm(data, initial=_shift_initial(ground, plan))
        self.sides: Any = SidesFormSet(data, initial=_sides_initial(ground.now, plan), prefix="side")

    def plan(self) -> Plan | None:
        """What was asked; None where a form says what is wrong with it."""
        if not (self.shift.is_valid() & self.sides.is_valid()):
            return None
        given, ground = self.shift.cleaned_data, self.ground
        now = msgspec.structs.replace(ground.now, agents=given["now_agents"])
        frame = frame_of(ground.campaign, ground.law, given["starts_hour"], given["hours"])
        try:
            return make_plan([now, *self._others(now)], frame, ground.history, range(1, given["days"] + 1))
        except BadPlan as problem:
            self.shift.add_error(None, str(problem))
            return None

    def _others(self, now: Settings) -> list[Settings]:
        asked = [side for form in self.sides if (side := form.settings(NOW)) is not None]
        return [msgspec.structs.replace(side, name=side_name(now, side)) for side in asked]

    @property
    def forms(self) -> list[forms.Form]:
        """Every form, for a summary of errors."""
        return [self.shift, *self.sides]


def _shift_initial(ground: Ground, plan: Plan | None) -> dict[str, Any]:
    if plan is not None:
        first = plan.variants[0]
        return {
            "starts_hour": plan.starts_hour,
            "hours": plain(first.hours),
            "days": len(plan.seeds),
            "now_agents": first.crew.agents,
        }
    return {
        "starts_hour": ground.campaign.opens.hour,
        "hours": plain(USUAL_HOURS),
        "days": USUAL_DAYS,
        "now_agents": ground.now.agents or None,
    }


def _sides_initial(now: Settings, plan: Plan | None) -> list[dict[str, Any]]:
    """The sides of the earlier question, then rows as now whose agents are left open."""
    asked = [settings_of(variant) for variant in plan.variants[1:]] if plan else []
    rows = [side_initial(side, side.agents) for side in asked] or [side_initial(now, now.agents or None)]
    return rows + [side_initial(now, None)] * (WHAT_IFS - len(rows))
