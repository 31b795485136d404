"""What the world allows at this moment, whatever the chances: lines, leads, calls a second, hours, people on duty."""

from __future__ import annotations

import math
from collections import deque
from itertools import takewhile

from .contract import Snapshot

MOST_AT_ONCE = 50
"""Lines in one decision: the next one follows within half a second."""
MOST_LINES_AN_AGENT = 20
"""Lines out for each agent on duty. Rooms that need most have 10; where nobody answers at all, a broken trunk or a list
of dead numbers, the chances alone would fill every line there is."""
SHORTEST_SPAN_S = 1.0

NOBODY = "nobody is here to take a call"
CLOSED = "the calling hours are over"
NO_LEADS = "no more leads to dial now"
NO_LINES = "the line limit is reached"
TOO_FAST = "the trunks take no more calls a second"
FULL_HAND = "the next follow at once"
MANY_OUT = f"{MOST_LINES_AN_AGENT} lines for each agent are out and few are answered"


class CallRate:
    """The calls of the last second, or of as long as the trunks take for one."""

    def __init__(self) -> None:
        self._placed: deque[float] = deque()

    def placed(self, at: float) -> None:
        """A call was placed."""
        self._placed.append(at)
        self._forget(at - SHORTEST_SPAN_S)

    def left(self, now: float, calls_per_s: float) -> float:
        """How many more the trunks take now."""
        if math.isinf(calls_per_s) or calls_per_s <= 0.0:
            return math.inf if calls_per_s > 0.0 else 0.0
        span = max(SHORTEST_SPAN_S, 1.0 / calls_per_s)
        lately = sum(1 for _ in takewhile(lambda at: at > now - span, reversed(self._placed)))
        return max(0, math.floor(calls_per_s * span + 1e-9) - lately)

    def _forget(self, before: float) -> None:
        """Of older calls only as many as a rate under one a second may ask for."""
        while len(self._placed) > MOST_AT_ONCE and self._placed[0] <= before:
            self._placed.popleft()


def most_lines(snapshot: Snapshot, rate: CallRate, on_duty: int) -> tuple[int, str]:
    """The most lines that may be placed now, and what allows no more. ``on_duty``: agents who take calls."""
    if not on_duty:
        return 0, NOBODY
    if snapshot.closes_in <= 0.0:
        return 0, CLOSED
    leads = math.inf if snapshot.leads_left is None else snapshot.leads_left
    allowed, why = min(
        (snapshot.line_limit - len(snapshot.lines), NO_LINES),
        (leads, NO_LEADS),
        (rate.left(snapshot.now, snapshot.calls_per_s), TOO_FAST),
        (MOST_LINES_AN_AGENT * on_duty - len(snapshot.lines), MANY_OUT),
        (MOST_AT_ONCE, FULL_HAND),
        key=lambda pair: pair[0],
    )
    return max(0, int(allowed)), why
