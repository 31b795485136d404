"""A call as a picture: what lasted how long, from the dial to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from dialer.calls.models import Call

WIDTH = 1000.0
"""Units across the picture."""
NARROWEST = 4.0
"""A step of milliseconds is still seen."""
STEPS = (
    ("placed_at", "Setting up", "neutral"),
    ("ringing_at", "Ringing", "accent"),
    ("answered_at", "Waiting for an agent", "warn"),
    ("connected_at", "With an agent", "good"),
    ("message_at", "Safe-harbour message", "bad"),
)


class Segment(NamedTuple):
    """One step of the call; ``x`` and ``width`` in units of the picture."""

    name: str
    tone: str
    seconds: float
    x: float
    width: float


@dataclass(frozen=True)
class Timeline:
    """The steps of a call in their order, and its whole length in seconds."""

    segments: list[Segment]
    seconds: float


def timeline(call: Call, now: datetime) -> Timeline:
    """The picture of a call; one that is still up ends now."""
    end = call.ended_at or now
    steps = [(getattr(call, field), name, tone) for field, name, tone in STEPS]
    begun = sorted((step for step in steps if step[0] is not None), key=lambda step: step[0])
    total = max(0.001, (end - call.placed_at).total_seconds())
    segments = []
    for index, (start, name, tone) in enumerate(begun):
        until = begun[index + 1][0] if index + 1 < len(begun) else max(end, start)
        seconds = (until - start).total_seconds()
        x = min(WIDTH - NARROWEST, (start - call.placed_at).total_seconds() / total * WIDTH)
        segments.append(
            Segment(name, tone, seconds, round(x, 1), round(max(NARROWEST, seconds / total * WIDTH), 1))
        )
    return Timeline(segments, total)
