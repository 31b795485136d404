"""The living things of a room: agents' seats and calls. They are kept in Redis as they stand, for the next daemon."""

from __future__ import annotations

from typing import Any

import msgspec

from agents.choices import AgentState
from dialer.calls.choices import Stage


class Seat(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An agent in the room. Times are Unix seconds."""

    id: int
    name: str
    session: str
    state: AgentState = AgentState.OFFLINE
    since: float = 0.0
    reason: str = ""
    requested: str = ""
    """A state asked for while busy: paused, or offline (sign out); taken when the work at hand is done."""
    requested_reason: str = ""
    media: str = "down"
    media_node: str = ""
    media_lost_at: float = 0.0
    media_at: float = 0.0
    """When the audio came up, by the node: after a hand-over an older word may come late."""
    audio_checked: bool = False
    connected: bool = True
    """Whether the console's socket is up."""
    lost_at: float = 0.0
    call: str = ""
    wrapup_until: float = 0.0
    extensions: int = 0
    muted: bool = False
    calls: int = 0
    connected_s: float = 0.0
    home: int = 0
    """The campaign that the agent joined by hand."""
    seated_at: float = 0.0
    """Since when in this room."""
    sequence: int = 0
    """The number of the session's last change of state, counted through all rooms."""

    @property
    def leaving(self) -> bool:
        """Takes no further call: asked to, or out of reach."""
        return bool(self.requested) or not self.connected or self.media != "up"


class LiveCall(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A call from the decision to dial it until it has ended and been disposed of."""

    id: str
    number: str
    kind: str
    lead: dict[str, Any] | None = None
    """The lead as the console shows it; None for a number dialed by hand that belongs to no lead."""
    request: dict[str, Any] = msgspec.field(default_factory=dict)
    """What the gate must know of the lead (state, postal_code, time_zone, attempts)."""
    trunk: int = 0
    node: str = ""
    caller_id: str = ""
    attempt: int = 1
    stage: Stage = Stage.PLACED
    written: bool = False
    """Whether the call record exists and the INVITE was ordered."""
    placed_at: float = 0.0
    ringing_at: float = 0.0
    answered_at: float = 0.0
    waiting_since: float = 0.0
    """The answer on the engine's clock: what the wait for an agent is measured from."""
    connected_at: float = 0.0
    message_at: float = 0.0
    """When the safe-harbour message began; a node that says so twice is heard once."""
    ended_at: float = 0.0
    agent: int = 0
    meant_for: int = 0
    """The agent for whom the line was placed, because the lead asks for a skill; whoever has it may take the call."""
    key: int = 0
    held: bool = False
    cancelled: bool = False
    crossed_cancel: bool = False
    ended_by: str = ""
    disposed: bool = False
    machine: bool = False
    """The agent said that a machine answered."""
    reply_to: str = ""
    callback: int = 0
    proven: bool = False
    """Whether it lasted long enough after the answer to speak for its trunk."""
    claimed: bool = True
    """False after a takeover until a line node has reported the call."""

    @property
    def lead_id(self) -> int:
        """The lead's id, 0 for none."""
        return int(self.lead["id"]) if self.lead else 0

    @property
    def answered(self) -> bool:
        """Whether a person or machine picked up."""
        return self.answered_at > 0

    @property
    def live(self) -> bool:
        """Whether there is, or will be, a call on a line."""
        return self.stage != Stage.ENDED
