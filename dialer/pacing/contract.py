"""The contract between a pacing policy and whatever drives it.

Pure Python: nothing here imports the project.
Times are seconds on one monotonic clock.
"""
from __future__ import annotations
from dataclasses import dataclass
from collections.abc import Sequence
from typing import Literal


@dataclass(frozen=True, slots=True)
class AgentView:
    state: Literal["ready", "talking", "wrapup", "paused"]
    since: float
    leaving: bool = False      # asked for a break or the end of the shift: takes no further call


@dataclass(frozen=True, slots=True)
class LineView:
    stage: Literal["dialing", "ringing", "answered"]   # answered: picked up, not yet joined; detection may still call it a machine
    placed_at: float
    since: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    now: float
    agents: Sequence[AgentView]
    lines: Sequence[LineView]
    line_limit: int


@dataclass(frozen=True, slots=True)
class PacingEvent:
    kind: Literal["placed", "ringing", "answered", "machine", "failed", "connected", "abandoned", "talk_ended", "wrapup_ended"]
    at: float
    seconds: float = 0.0   # answered/machine/failed: since placed; talk_ended/wrapup_ended: how long it lasted
    cause: str = ""        # failed: busy, no_answer, congestion, invalid
