"""The list of a simulated campaign: leads that come as the hopper hands them over, each dialed once."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import Any

from ..room.supply import lead_kind

LOW_WATER = 60
PAGE_LEADS = 200
"""As the hopper of a real campaign (``dialer.engine.hopper``)."""
LIST_ID = 1
ATTEMPTS = ((0, 0.6), (1, 0.25), (2, 0.15))
"""Attempts already made and the share of such leads, as in a list that has been dialed for some days."""
PHONE_KINDS = (("mobile", 0.7), ("home", 0.3))


class LeadList:
    """Hands out ``count`` leads, or without end where that is None."""

    def __init__(self, count: int | None, chance: Random) -> None:
        self._left, self._chance = count, chance
        self._handed_out = 0

    def fill(self, hopper: deque[dict[str, Any]]) -> bool:
        """Fill the hopper where it runs low; returns whether the list has no more."""
        if len(hopper) < LOW_WATER:
            count = PAGE_LEADS if self._left is None else min(PAGE_LEADS, self._left)
            hopper.extend([self._next() for _ in range(count)])
            self._left = None if self._left is None else self._left - count
        return self._left == 0

    def _next(self) -> dict[str, Any]:
        self._handed_out += 1
        attempts, phone = self._pick(ATTEMPTS), self._pick(PHONE_KINDS)
        return {
            "number": f"+1555{self._handed_out % 10**7:07d}",
            "screen": {"id": self._handed_out, "name": f"Lead {self._handed_out}", "phones": []},
            "request": {
                "attempts": attempts,
                "phone_kind": phone,
                "lead_kind": lead_kind(LIST_ID, attempts, phone),
            },
        }

    def _pick(self, shares: tuple[tuple[Any, float], ...]) -> Any:
        return self._chance.choices([value for value, _ in shares], [share for _, share in shares])[0]
