"""Replies, and what a campaign's room hears: its stream is read by the daemon that holds the lease."""

from __future__ import annotations

import msgspec

from .base import Message
from .line import (
    CallAnswered,
    CallBridged,
    CallDigit,
    CallEnded,
    CallPrompt,
    CallReport,
    CallRinging,
    CallTrying,
    ClaimDone,
    OriginateRefused,
)
from .media import AudioHeard, Joined, SessionAnswer, SessionDown, SessionUp


class Done(Message, frozen=True, kw_only=True, tag="reply.ok"):
    """The request was carried out. ``data`` is what the caller may show."""

    data: dict[str, object] = msgspec.field(default_factory=dict)


class Failed(Message, frozen=True, kw_only=True, tag="reply.error"):
    """The request was not carried out. ``code`` is stable; ``message`` says what to do, for a person."""

    code: str
    message: str


Reply = Done | Failed | SessionAnswer


class AgentCommand(Message, frozen=True, kw_only=True, tag="agent.command"):
    """Something an agent asked for through the console. Replies go to ``reply_to``."""

    agent: int
    session: str
    name: str
    args: dict[str, object] = msgspec.field(default_factory=dict)
    reply_to: str = ""


class AgentConnection(Message, frozen=True, kw_only=True, tag="agent.connection"):
    """The agent's console socket came up or went away."""

    agent: int
    session: str
    up: bool
    at: float


class CampaignChanged(Message, frozen=True, kw_only=True, tag="campaign.changed"):
    """Settings, status, lists or the organisation's stop switch changed: read them again."""

    campaign: int


class StopNumber(Message, frozen=True, kw_only=True, tag="number.stop"):
    """A number went on an organisation's do-not-call list: end any call to it that is not yet answered.

    Travels on ``names.STOPS_STREAM``, which every daemon reads. ``number`` is E.164 with ``+``."""

    organisation: int
    number: str


class SeatGiven(Message, frozen=True, kw_only=True, tag="seat.given"):
    """An agent whom the room ``giver`` has let go sits in this one from now on."""

    giver: int
    campaign: int
    """The room that it goes to."""
    agent: int
    session: str
    seat: bytes
    """The seat as rooms keep it."""


class SeatWanted(Message, frozen=True, kw_only=True, tag="seat.wanted"):
    """Somebody has answered in ``campaign`` and nobody there is free: a room that has a ready agent gives one.

    Seconds instead of times, for the rooms' clocks may differ."""

    campaign: int
    call: str
    waited_s: float
    left_s: float
    """After this nobody is wanted any more."""
    agents: tuple[int, ...] = ()
    """Who has the skill that is asked for; empty: anybody."""
    then: tuple[int, ...] = ()
    """The campaigns to be told next where this one has nobody to give."""


class SeatUnwanted(Message, frozen=True, kw_only=True, tag="seat.unwanted"):
    """The person of this call is served, or gone."""

    campaign: int
    call: str


RoomMessage = (
    AgentCommand
    | AgentConnection
    | CampaignChanged
    | SeatGiven
    | SeatWanted
    | SeatUnwanted
    | StopNumber
    | CallTrying
    | CallRinging
    | CallAnswered
    | CallBridged
    | CallDigit
    | CallPrompt
    | CallEnded
    | OriginateRefused
    | CallReport
    | ClaimDone
    | SessionUp
    | SessionDown
    | Joined
    | AudioHeard
)
