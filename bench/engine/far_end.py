"""What becomes of each call: drawn from its id, so that both simulated nodes know it without a word between them."""

from __future__ import annotations

import math
import random

import msgspec

PERSON_SHARE, BUSY_SHARE = 0.25, 0.10
"""Of all dials; the rest ring until the limit. A quarter answered is a list of middling age."""
SETUP_S = 1.2
RING_MEAN_S, RING_CV = 9.0, 0.5
TALK_KINDS = ((12.0, 0.6, 0.35), (180.0, 0.8, 0.65))
"""(mean in seconds, coefficient of variation, share): "no, thank you", and real talks. Two minutes on average."""
WRAPUP_MEAN_S, WRAPUP_CV = 20.0, 0.6
AGENT_ENDS_SHARE = 0.5


class CallPlan(msgspec.Struct, frozen=True):
    """What a call does; times in seconds."""

    answers: bool
    busy: bool
    ring_s: float
    """From the first ring to the answer."""
    talk_s: float
    agent_ends: bool
    """Whether the agent hangs up, not the far end."""
    wrapup_s: float
    age: float
    """Where in its talk a call stands that began before the measurement, 0 to 1."""


def plan_of(call: str) -> CallPlan:
    """The plan of the call with this id."""
    chance = random.Random(call)
    kind = chance.random()
    mean_s, cv, _share = TALK_KINDS[0 if chance.random() < TALK_KINDS[0][2] else 1]
    return CallPlan(
        answers=kind < PERSON_SHARE,
        busy=kind >= 1.0 - BUSY_SHARE,
        ring_s=_lognormal(chance, RING_MEAN_S, RING_CV),
        talk_s=_lognormal(chance, mean_s, cv),
        agent_ends=chance.random() < AGENT_ENDS_SHARE,
        wrapup_s=_lognormal(chance, WRAPUP_MEAN_S, WRAPUP_CV),
        age=chance.random(),
    )


def _lognormal(chance: random.Random, mean: float, cv: float) -> float:
    variance = math.log(1.0 + cv * cv)
    return chance.lognormvariate(math.log(mean) - variance / 2.0, math.sqrt(variance))
