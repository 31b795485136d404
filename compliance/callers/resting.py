"""When a caller ID has to rest: a table of rules over its recent results, without a database."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class BlockedRule:
    """So many blocked calls within a time, and the rest that follows."""

    blocked: int
    within: timedelta
    rest: timedelta


BLOCKED_RULES = (
    BlockedRule(5, timedelta(days=7), timedelta(days=7)),
    BlockedRule(2, timedelta(hours=24), timedelta(hours=24)),
)
"""The hardest first. Our own judgement: RFC 8197 and RFC 8688 say that repeating such a call makes it worse, not
how long to stop."""
LONGEST_LOOK_BACK = max(rule.within for rule in BLOCKED_RULES)

RATE_CALLS_MIN, RATE_CALLS_MAX = 100, 200
"""Calls that the recent answer rate is taken from: the last 200, and nothing is said of fewer than 100."""
BASE_DAYS = 30
BASE_CALLS_MIN = 300
"""Calls that a usual rate must come from."""
FALL = 0.5
"""A rate below half of what is usual."""
CHANCE_MAX = 0.001
"""How likely such a fall may be by chance: looked at over and over, so far below the usual 5 %."""
RATE_REST = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Rate:
    """Answered calls among those that ended."""

    answered: int
    calls: int

    @property
    def share(self) -> float:
        """0 to 1; 0 without calls."""
        return self.answered / self.calls if self.calls else 0.0


@dataclass(frozen=True, slots=True)
class Rest:
    """Do not show the number before ``until``."""

    until: datetime
    because: str


def rest_for_blocks(blocked_at: Sequence[datetime], now: datetime) -> Rest | None:
    """The hardest rest that these blocked calls ask for, counted from the last of them."""
    for rule in BLOCKED_RULES:
        recent = [at for at in blocked_at if now - rule.within < at <= now]
        if len(recent) >= rule.blocked:
            hours = rule.within // timedelta(hours=1)
            because = f"{len(recent)} calls blocked by networks within {hours} hours (603+, 607, 608)"
            return Rest(max(recent) + rule.rest, because)
    return None


def rest_for_rate(recent: Rate, usual: Rate, pool: Rate, now: datetime) -> Rest | None:
    """A rest where the answer rate fell below half of the number's own or of the pool's, and not by chance."""
    if recent.calls < RATE_CALLS_MIN:
        return None
    for name, base in (("its own", usual), ("the pool's", pool)):
        if base.calls >= BASE_CALLS_MIN and has_fallen(recent, base.share):
            because = (
                f"Answer rate {recent.share:.1%} of the last {recent.calls} calls; "
                f"{name} of {BASE_DAYS} days is {base.share:.1%}"
            )
            return Rest(now + RATE_REST, because)
    return None


def has_fallen(recent: Rate, usual: float) -> bool:
    """Whether the rate is below half of the usual one, and so low by chance in one of a thousand looks at most."""
    return recent.share < FALL * usual and chance_of(recent, usual) <= CHANCE_MAX


def chance_of(recent: Rate, usual: float) -> float:
    """How likely as few answers or fewer are if each call is answered with the usual chance (exact binomial)."""
    if not 0.0 < usual < 1.0:
        return 1.0 if usual <= 0.0 or recent.answered == recent.calls else 0.0
    hit, miss = math.log(usual), math.log1p(-usual)
    whole = math.lgamma(recent.calls + 1)
    return math.fsum(
        math.exp(
            whole
            - math.lgamma(k + 1)
            - math.lgamma(recent.calls - k + 1)
            + k * hit
            + (recent.calls - k) * miss
        )
        for k in range(recent.answered + 1)
    )
