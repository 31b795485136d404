"""What is to be simulated: settings side by side, on which days, resting on what."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from campaigns.choices import Method
from dialer.engine.virtual.checks import HOURS_MOST
from dialer.engine.virtual.values import Scenario

from .history import History
from .values import LAWFUL_SHARE, BadPlan, Frame, Plan, Settings

NOW = "Now"
LAWFUL_PERCENT = 100 * LAWFUL_SHARE
VARIANTS_MOST = 4
"""More lines in a plot are not told apart."""
AGENTS_MOST, DAYS_MOST = 200, 5
SHORTEST_HOURS = 0.25
LINES_MOST = 5_000
RATIO_LEAST, RATIO_MOST = 1.0, 10.0
"""Those of ``Campaign.dial_ratio``."""
PACED = {Method.PREDICTIVE: "Predictive", Method.PROGRESSIVE: "Progressive", Method.RATIO: "Fixed ratio"}
"""The methods that place lines by themselves: of the others there is nothing to simulate."""


def make_plan(sides: Sequence[Settings], frame: Frame, history: History, seeds: Sequence[int]) -> Plan:
    """The question as scenarios. Raises ``BadPlan``."""
    _check_frame(frame, seeds)
    if not 1 <= len(sides) <= VARIANTS_MOST:
        raise BadPlan(f"Compare 1 to {VARIANTS_MOST} settings at a time.")
    for side in sides:
        _check_side(side, frame.lawful_share)
    variants = tuple(_scenario(side, frame, history) for side in sides)
    return Plan(variants, tuple(seeds), frame.starts_hour, history.basis)


def _scenario(side: Settings, frame: Frame, history: History) -> Scenario:
    return Scenario(
        name=side.name,
        crew=msgspec.structs.replace(history.agents, agents=side.agents),
        far_end=history.far_end(frame.starts_hour, frame.hours),
        hours=frame.hours,
        method=side.method,
        dial_ratio=side.dial_ratio,
        abandon_limit=side.target,
        line_limit=side.line_limit,
        calls_per_s=frame.calls_per_s,
        answer_wait_s=frame.answer_wait_s,
        ring_limit_s=frame.ring_limit_s,
        wrapup_limit_s=frame.wrapup_limit_s,
    )


def _check_frame(frame: Frame, seeds: Sequence[int]) -> None:
    if not SHORTEST_HOURS <= frame.hours <= HOURS_MOST:
        raise BadPlan(f"A shift lasts {SHORTEST_HOURS:g} to {HOURS_MOST:g} hours, not {frame.hours:g}.")
    if not 0 <= frame.starts_hour <= 23:
        raise BadPlan(f"A shift begins at an hour from 0 to 23, not {frame.starts_hour}.")
    if not 1 <= len(seeds) <= DAYS_MOST:
        raise BadPlan(f"Simulate 1 to {DAYS_MOST} days.")


def _check_side(side: Settings, lawful_share: float) -> None:
    if side.method not in PACED:
        methods = ", ".join(method.value for method in PACED)
        raise BadPlan(
            f"With {side.method} nothing dials by itself, so nothing can be simulated. Use one of: {methods}."
        )
    if not 1 <= side.agents <= AGENTS_MOST:
        raise BadPlan(f"“{side.name}”: give 1 to {AGENTS_MOST} agents, not {side.agents}.")
    if not 0 <= side.target <= lawful_share:
        raise BadPlan(
            f"“{side.name}”: by law 0 to {100 * lawful_share:g} % of the people who answer may be abandoned, "
            f"not {100 * side.target:g} %."
        )
    if not RATIO_LEAST <= side.dial_ratio <= RATIO_MOST:
        raise BadPlan(f"“{side.name}”: place {RATIO_LEAST:g} to {RATIO_MOST:g} lines a ready agent.")
    if not 1 <= side.line_limit <= LINES_MOST:
        raise BadPlan(f"“{side.name}”: give 1 to {LINES_MOST:,} lines, not {side.line_limit}.")


def side_name(now: Settings, side: Settings) -> str:
    """What is different from now, such as "15 agents, 2 %"."""
    told = [
        (side.agents != now.agents, f"{side.agents} agent{'' if side.agents == 1 else 's'}"),
        (_way(side) != _way(now), _way(side)),
        (side.target != now.target, f"{100 * side.target:g} %"),
        (side.line_limit != now.line_limit, f"{side.line_limit} line{'' if side.line_limit == 1 else 's'}"),
    ]
    return ", ".join(words for is_other, words in told if is_other) or "As now"


def _way(side: Settings) -> str:
    """The method, with its ratio where it has one."""
    method = Method(side.method)
    return PACED[method].lower() + (f" {side.dial_ratio:g}" if method is Method.RATIO else "")


def settings_of(variant: Scenario) -> Settings:
    """The side that a scenario was made from."""
    return Settings(
        name=variant.name,
        agents=variant.crew.agents,
        method=variant.method,
        target=variant.abandon_limit,
        dial_ratio=variant.dial_ratio,
        line_limit=variant.line_limit,
    )
