"""How large a chance of meeting nobody a new line may carry, steered by the abandonment account."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .account import AbandonAccount

BASE = 0.75
FOLLOWERS = -0.2
"""Threshold over limit, in a room that earns a call in the account's memory, and its power of what it earns: a
chance is worked out before the lines that will follow, and more of them follow where more is answered. Found by
letting the account settle in simulated rooms of 2 to 60 agents."""
RESERVE, SWING = 2.3, 0.56
"""What the account should hold where its scale is one call, and its power of the scale: the swing of a count is its
square root, and a little more where rates drift."""
BURST = 4.2
"""And no less than this where it earns two: where one person is abandoned others often are in the same seconds. Rooms
of five earn too little to save for it, those of twenty hold more."""
SAVED = 0.25
"""Until it holds that, this part of what it earns is saved and the rest may be spent: a new account is not starved."""
GENTLE = 0.3
FIRM = 0.8
"""How much the threshold moves, in natural logarithms, for a scale's worth of calls above and below the reserve."""
GUARDED = 1.5
GUARD = 0.3
"""From so many square roots of the scale below the reserve on, the last calls are guarded: the threshold falls with
the square of what is missing, so that a day ends within its limit at the cost of a few slow minutes."""
HOUR_FROM, HOUR_TO = 1.4, 2.0
HOUR_FIRM = 3.0
"""From so many times the limit within the last hour on, and in small rooms from one usual swing on, the threshold
falls; about ``HOUR_TO`` times it is at a twentieth. A bad half-hour in a room of ten stays under 6 % of its hour
whatever the account has saved."""
LEARN = 0.003
"""How much of the distance stays with each call's worth of answers: a room that settles off the reserve has another
base. Slower than a loop with ``FIRM`` would bear without swinging."""
MOST_LEARNED = 1.5
MOST = 1.5
LEAST = -3.0
"""The furthest the account moves it, in natural logarithms."""


class Threshold:
    """Follows an account; what it learned of the room's base goes on from day to day."""

    def __init__(self, account: AbandonAccount) -> None:
        self._account = account
        self._learned = 0.0

    def answered(self) -> None:
        """A person answered: learn a little of how far the account is from its reserve."""
        scale = self._account.scale()
        over = self._missing() / scale
        step = LEARN / scale * max(-1.0, min(1.0, -over))
        self._learned = max(-MOST_LEARNED, min(MOST_LEARNED, self._learned + step))

    def allowed_chance(self) -> float:
        """The threshold, a chance; 0 where the limit is 0."""
        scale = self._account.scale()
        base = self._account.limit * BASE * scale**FOLLOWERS
        return base * math.exp(self._pull(scale) + self._pull_of_hour() + self._learned)

    def _pull(self, scale: float) -> float:
        missing = self._missing()
        if missing <= 0.0:
            return min(MOST, -missing / scale * GENTLE)
        guarded = max(0.0, missing / math.sqrt(scale) - GUARDED)
        return max(LEAST, -missing / scale * FIRM - GUARD * guarded * guarded)

    def _pull_of_hour(self) -> float:
        hour = self._account.last_hour
        earned = self._account.limit * hour.answered
        over = hour.abandoned - max(HOUR_FROM * earned, earned + math.sqrt(earned))
        if over <= 0.0:
            return 0.0
        part = over / max((HOUR_TO - HOUR_FROM) * earned, math.sqrt(earned), 1.0)
        return -HOUR_FIRM * part * part

    def _missing(self) -> float:
        """Calls that the account lacks of its reserve; below zero where it holds more."""
        account = self._account
        saved = SAVED * account.limit * account.total_answered()
        scale = account.scale()
        reserve = max(RESERVE * scale**SWING, min(BURST, RESERVE + 2.0 * (scale - 1.0)))
        return min(saved, reserve) - account.balance()

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {"learned": self._learned}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self._learned = float(state["learned"])
