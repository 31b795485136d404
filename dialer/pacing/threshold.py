"""How large a chance of meeting nobody a new line may carry, steered by the abandonment account."""

from __future__ import annotations

import math

from .account import AbandonAccount

BASE = 1.0
FOLLOWERS = -1.0 / 3.0
"""Threshold over limit, in a room that earns a call in the account's memory, and its power of what it earns: a
chance is worked out before the lines that will follow, and more of them follow where more is answered. Found by
letting the account settle in simulated rooms of 2 to 60 agents."""
RESERVE = 1.0
"""What the account should hold, in square roots of its scale: the swing of a count is its square root."""
GENTLE = 0.25
FIRM = 0.7
"""How much the threshold moves, in natural logarithms, for a scale's worth of calls above and below the reserve."""
MOST = 1.5
LEAST = -3.0
"""The furthest it moves, in natural logarithms."""


def allowed_chance(account: AbandonAccount) -> float:
    """The threshold, a chance; 0 where the limit is 0."""
    scale = account.scale()
    over = (account.balance() - RESERVE * math.sqrt(scale)) / scale
    pull = over * (GENTLE if over > 0.0 else FIRM)
    return account.limit * BASE * scale**FOLLOWERS * math.exp(max(LEAST, min(MOST, pull)))
