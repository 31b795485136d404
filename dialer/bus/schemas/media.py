"""To a media node, and from it to the room of the agent's campaign."""

from __future__ import annotations

from .base import Drain, Message


class OpenSession(Message, frozen=True, kw_only=True, tag="media.open"):
    """Answer an agent's WebRTC offer. Reply: ``SessionAnswer`` or ``Failed``. A second open replaces the first."""

    session: str
    agent: int
    campaign: int
    """0 until the agent has joined a campaign; ``Attach`` tells later."""
    offer_sdp: str
    reply_to: str


class Attach(Message, frozen=True, kw_only=True, tag="media.attach"):
    """From now on send the session's events to this campaign's room (0: to nobody); ``SessionUp`` again when up."""

    session: str
    campaign: int


class CloseSession(Message, frozen=True, kw_only=True, tag="media.close"):
    """The agent signed out."""

    session: str


class Join(Message, frozen=True, kw_only=True, tag="media.join"):
    """Connect the agent's session with the audio that carries ``key``; ``tone`` plays the connect tone first."""

    session: str
    call: str
    key: int
    tone: bool = True


class Part(Message, frozen=True, kw_only=True, tag="media.part"):
    """Undo Join."""

    session: str
    call: str


class Mute(Message, frozen=True, kw_only=True, tag="media.mute"):
    """The lead hears silence instead of the agent."""

    session: str
    on: bool


class Hold(Message, frozen=True, kw_only=True, tag="media.hold"):
    """The lead hears the hold sound, the agent hears nothing."""

    session: str
    on: bool


class Tone(Message, frozen=True, kw_only=True, tag="media.tone"):
    """Play a short named sound to the agent: connect, callback, pause_over, hangup, echo_start, echo_stop.

    echo_start plays the agent's own voice back (audio check) until echo_stop."""

    session: str
    name: str


MediaCommand = OpenSession | Attach | CloseSession | Join | Part | Mute | Hold | Tone | Drain


class SessionAnswer(Message, frozen=True, kw_only=True, tag="media.answer"):
    """The SDP answer to an agent's offer."""

    session: str
    node: str
    sdp: str


class MediaEvent(Message, frozen=True, kw_only=True):
    """Something that happened to one agent's session."""

    session: str
    agent: int
    campaign: int
    node: str
    at: float


class SessionUp(MediaEvent, frozen=True, kw_only=True, tag="media.up"):
    """ICE and DTLS are done and the agent's audio arrives."""


class SessionDown(MediaEvent, frozen=True, kw_only=True, tag="media.down"):
    """The agent's audio stopped. ``why``: closed, silent (no RTP), ice, replaced, drain."""

    why: str


class Joined(MediaEvent, frozen=True, kw_only=True, tag="media.joined"):
    """The lead's first audio frame went out to the agent."""

    call: str


class AudioHeard(MediaEvent, frozen=True, kw_only=True, tag="media.heard"):
    """The agent's microphone was heard in this session for the first time: the audio check's proof."""
