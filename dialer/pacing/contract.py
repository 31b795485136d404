"""The contract between a pacing method and whatever drives it.

Pure Python: nothing here imports the project. Times are seconds on one monotonic clock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

AgentState = Literal["ready", "talking", "wrapup", "paused"]
LineStage = Literal["dialing", "ringing", "answered"]
EventKind = Literal[
    "placed",
    "ringing",
    "answered",
    "machine",
    "failed",
    "connected",
    "abandoned",
    "talk_ended",
    "wrapup_ended",
]


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent of the campaign, and since when in this state."""

    state: AgentState
    since: float
    leaving: bool = False
    """Asked for a break or the end of the shift: takes no further call."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A line that is not yet joined with an agent."""

    stage: LineStage
    """answered: picked up, not yet joined; detection may still call it a machine."""
    placed_at: float
    since: float
    lead_kind: str = ""
    """What sort of lead it dials, as in ``Snapshot.next_kinds``."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything alive in a campaign at one moment."""

    now: float
    agents: Sequence[AgentView]
    lines: Sequence[LineView]
    line_limit: int
    next_kinds: Sequence[str] = ()
    """The sorts of the leads that come next, in order (list, attempt and kind of phone): people of one sort answer
    alike. Empty where nothing is known of them."""
    leads_left: int | None = None
    """Leads that may be dialed now, where they are few; None: as many as one likes."""
    calls_per_s: float = math.inf
    """How many calls a second the trunks take."""
    closes_in: float = math.inf
    """Seconds until the last window closes and nothing more is dialed."""
    hour: int | None = None
    """The hour of the day where the leads live, 0 to 23; None: unknown."""


@dataclass(frozen=True, slots=True)
class PacingEvent:
    """Something that happened to a line or an agent."""

    kind: EventKind
    at: float
    seconds: float = 0.0
    """answered, machine, failed: since placed; talk_ended, wrapup_ended: how long it lasted."""
    cause: str = ""
    """failed: busy, no_answer, congestion, invalid. machine: ``after_answer`` where the call had been told as answered
    before, and an agent found no person there."""
    lead_kind: str = ""
    """placed, answered, machine, failed: the sort of the lead."""


class Pacer(Protocol):
    """Decides for one campaign. Asked at every event, and at least each half second."""

    def observe(self, event: PacingEvent) -> None:
        """Learn from something that happened. Events come in the order of their times."""

    def lines_to_place(self, snapshot: Snapshot) -> int:
        """How many lines to place now, at least 0 and never past the snapshot's line limit."""

    def state(self) -> dict[str, Any]:
        """All that was learned, as JSON can hold it."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what ``state`` of the same method returned."""

    def explain(self) -> str:
        """The last decision and what it rests on, in one line for a supervisor."""
