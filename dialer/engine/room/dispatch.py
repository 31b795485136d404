"""Which verb takes which message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dialer.bus import schemas

from . import commands, connections, handing, lines
from .room import Room

HANDLERS: dict[type, Callable[[Room, Any, float], None]] = {
    schemas.AgentCommand: commands.run_command,
    schemas.AgentConnection: connections.on_console,
    schemas.SessionUp: connections.on_session_up,
    schemas.SessionDown: connections.on_session_down,
    schemas.AudioHeard: connections.on_audio_heard,
    schemas.Joined: lines.on_joined,
    schemas.CallTrying: lines.on_trying,
    schemas.CallRinging: lines.on_ringing,
    schemas.CallAnswered: lines.on_answered,
    schemas.CallBridged: lines.on_bridged,
    schemas.CallDigit: lines.on_digit,
    schemas.CallPrompt: lines.on_prompt,
    schemas.CallEnded: lines.on_ended,
    schemas.OriginateRefused: lines.on_refused_by_node,
    schemas.CallReport: lines.on_report,
    schemas.SeatGiven: handing.on_given,
    schemas.SeatWanted: handing.on_wanted,
    schemas.SeatUnwanted: handing.on_unwanted,
}
"""Every message of a room's stream, but those that the runner takes itself (CampaignChanged, ClaimDone)."""


def handle(room: Room, message: Any, now: float) -> None:
    """Let the room take one message; ``now`` is the engine's clock in Unix seconds."""
    other = handing.elsewhere(room, message)
    verb = HANDLERS.get(type(message))
    if other:
        handing.forward(room, message, other)
    elif verb is not None:
        verb(room, message, now)
