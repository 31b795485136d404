"""Calls as pages show them: number by role, outcome with tone, icon and word, durations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.choices import Capability
from accounts.models import User
from campaigns.choices import Outcome
from dialer.calls.models import Call
from dialer.logs import redact

from .numbers import shown_number


class Look(NamedTuple):
    """A badge: never colour alone."""

    tone: str
    icon: str
    label: str


NOTHING = "\u2013"
LIVE_ICON, LIVE_TONE = "phone", "accent"
OUTCOME_LOOKS: dict[str, Look] = {
    Outcome.CONNECTED: Look("good", "check", "Connected"),
    Outcome.ABANDONED: Look("bad", "alert", "Abandoned"),
    Outcome.MACHINE: Look("hold", "note", "Machine"),
    Outcome.BUSY: Look("", "pause", "Busy"),
    Outcome.NO_ANSWER: Look("", "hourglass", "No answer"),
    Outcome.REJECTED: Look("warn", "cross", "Rejected"),
    Outcome.INVALID: Look("warn", "cross", "Not in service"),
    Outcome.FAILED: Look("warn", "signal", "Failed"),
    Outcome.CANCELLED: Look("", "stop", "Cancelled"),
    Outcome.LOST: Look("bad", "alert", "Lost"),
}
STEP_NAMES = {
    "placed_at": "Placed",
    "ringing_at": "Ringing",
    "answered_at": "Answered",
    "connected_at": "Connected",
    "heard_at": "Heard",
    "screen_at": "On screen",
    "message_at": "Message",
    "ended_at": "Ended",
    "disposed_at": "Disposed",
}
ENDED_BY_NAMES = {
    "far": "The lead or their carrier",
    "us": "Our side",
    "node": "A failure of ours",
    "timeout": "No answer from the carrier",
    "ring_limit": "The ring limit",
}
"""``ended_by`` of ``dialer.bus.schemas.CallEnded``."""
QUALITY_NAMES = {
    "codec": ("Codec", ""),
    "rtt_ms": ("Round trip", " ms"),
    "rx_packets": ("Packets from the lead", ""),
    "rx_lost": ("Lost from the lead", ""),
    "rx_jitter_ms": ("Jitter from the lead", " ms"),
    "tx_packets": ("Packets to the lead", ""),
    "tx_lost": ("Lost to the lead", ""),
    "tx_jitter_ms": ("Jitter to the lead", " ms"),
}


def look_of(call: Call) -> Look:
    """The outcome's badge, or the stage's while the call is up."""
    if call.ended_at is None:
        return Look(LIVE_TONE, LIVE_ICON, call.get_stage_display())
    return OUTCOME_LOOKS[call.outcome]


def lasted(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds between two steps; None where one did not happen."""
    return (end - start).total_seconds() if start and end else None


def clock(seconds: float | None) -> str:
    """Seconds as m:ss or h:mm:ss; under ten seconds with milliseconds; a dash for what did not happen."""
    if seconds is None:
        return NOTHING
    if seconds < 10:
        return f"{seconds:.3f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(frozen=True)
class CallRow:
    """A call in a list."""

    call: Call
    number: str
    talk: str
    look: Look


def call_row(user: User, call: Call) -> CallRow:
    """The call as this person may see it."""
    talk = clock(lasted(call.connected_at, call.ended_at))
    return CallRow(call, shown_number(user, call.number), talk, look_of(call))


def stamp(at: datetime | None) -> str:
    """A moment to the millisecond, in the zone of the page."""
    return f"{timezone.localtime(at):%H:%M:%S.%f}"[:-3] if at else NOTHING


def steps(call: Call) -> list[tuple[str, str]]:
    """Every timestamp of the call, by name."""
    return [(name, stamp(getattr(call, field))) for field, name in STEP_NAMES.items()]


def ended_by(call: Call) -> str:
    """Who ended the call, in words; a dash while it is up."""
    return ENDED_BY_NAMES.get(call.ended_by, call.ended_by or NOTHING)


def quality(call: Call) -> list[tuple[str, str]]:
    """The figures of RTP and RTCP at the lead's side, by name; none where no audio ran."""
    figures = call.quality
    return [
        (name, f"{figures[key]:g}{unit}" if isinstance(figures[key], int | float) else str(figures[key]))
        for key, (name, unit) in QUALITY_NAMES.items()
        if figures.get(key) not in (None, "")
    ]


def events(user: User, call: Call) -> list[tuple[str, str, dict[str, Any]]]:
    """What happened (when, what, with), in order; numbers in it are masked for those who may not see numbers."""
    whole = user.can(Capability.SEE_NUMBERS)
    found = call.events.all()
    return [(stamp(e.at), e.kind, e.data if whole else redact(None, "", dict(e.data))) for e in found]


def durations(call: Call) -> list[tuple[str, str]]:
    """How long each part of the call took, by name."""
    return [
        ("Dial to ringing", clock(lasted(call.placed_at, call.ringing_at))),
        ("Ringing", clock(lasted(call.ringing_at or call.placed_at, call.answered_at))),
        ("Answer to agent", clock(lasted(call.answered_at, call.connected_at))),
        ("Answer to first word heard", clock(lasted(call.answered_at, call.heard_at))),
        ("Answer to lead on screen", clock(lasted(call.answered_at, call.screen_at))),
        ("Talk", clock(lasted(call.connected_at, call.ended_at))),
        ("Wrap-up", clock(lasted(call.ended_at, call.disposed_at) if call.connected_at else None)),
    ]
