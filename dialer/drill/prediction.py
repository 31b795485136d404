"""What virtual time says that a drill's agents and people should have met, for the same settings and history."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils import timezone

from campaigns.models import Campaign
from dialer.engine.virtual.shift import run_shift
from dialer.engine.virtual.values import Scenario, ShiftResult
from reporting.what_if.history import read_history
from reporting.what_if.plan import make_plan
from reporting.what_if.present import frame_of, law_of, present_settings

SEEDS = range(1, 9)
LEAST_HOURS = 0.25


def predict(campaign: Campaign, agents: int, seconds: float) -> dict[str, Any]:
    """Occupancy and the abandoned share of simulated shifts as long as the drill was, with their spread.

    They rest on the drill's own calls: how many people answered, how long it rang, how long was talked and written.
    """
    scenario = _scenario(campaign, agents, max(seconds / 3600, LEAST_HOURS))
    results = [run_shift(scenario, seed) for seed in SEEDS]
    answered = sum(result.answered for result in results)
    return {
        "predicted_occupancy": round(sum(result.occupancy for result in results) / len(results), 4),
        "predicted_abandoned_share": round(sum(result.abandoned for result in results) / max(1, answered), 4),
        "predicted_spread": _spread(results),
        "predicted_from": msgspec.to_builtins(scenario),
    }


def _scenario(campaign: Campaign, agents: int, hours: float) -> Scenario:
    now = timezone.now()
    law = law_of(campaign, now)
    hour = timezone.localtime(now).hour
    settings = present_settings(campaign, agents, law)
    plan = make_plan(
        [settings], frame_of(campaign, law, hour, hours), read_history(campaign, None, now), SEEDS[:1]
    )
    return plan.variants[0]


def _spread(results: list[ShiftResult]) -> dict[str, list[float]]:
    """The lowest and the highest of the shifts."""
    names = ("occupancy", "abandoned_share")
    values = {name: [getattr(result, name) for result in results] for name in names}
    return {name: [round(min(found), 4), round(max(found), 4)] for name, found in values.items()}
