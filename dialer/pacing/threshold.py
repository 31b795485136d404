"""How large a chance of meeting nobody a new line may carry, steered by the abandonment account."""

from __future__ import annotations

import math

from .account import AbandonAccount

BASE = 1.7
"""Threshold over limit: many lines are placed at a chance far under the threshold."""
RESERVE = 0.8
GENTLE = 0.35
FIRM = 0.9
MOST = 3.0
LEAST = 0.02


def allowed_chance(account: AbandonAccount) -> float:
    scale = account.scale()
    over = (account.balance() - RESERVE * math.sqrt(scale)) / scale
    pull = math.exp(over * (GENTLE if over > 0 else FIRM))
    if account.balance() < -2.0 * math.sqrt(scale):
        return 0.0
    return account.limit * BASE * min(MOST, pull)
