"""Every message that one process sends another, one class each.

All are msgspec structs, tagged by ``type`` and closed to unknown fields: a message that does not fit is
refused where it is decoded, with the field's name. ``at`` is Unix time in seconds at the sender. ``call`` is
the call record's id (32 hex digits), ``session`` an agent session's id, ``campaign`` and ``agent`` database ids.
"""

from __future__ import annotations

import msgspec


class Message(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="type",
):
    """What all messages have in common: a tag, and no field that the schema does not name."""


# --- to a line node -------------------------------------------------------------------------------------------


class Originate(Message, frozen=True, kw_only=True, tag="line.originate"):
    """Place one call. Everything that matters (number, caller ID, trunk, epoch) stands in the sealed Permit."""

    call: str
    permit: bytes
    """A sealed ``dialer.bus.permit.Permit``; the line node refuses the call if it does not open."""
    ring_limit: float
    """Seconds of ringing before the call is cancelled; never under 15 (16 CFR 310.4(b)(4)(ii))."""
    safe_harbour: str = ""
    """Key of the recorded message (see ``prompts``) that the node plays by itself when nobody says what to do
    with an answered call within ``engine_silence`` seconds."""
    engine_silence: float = 2.0


class Hangup(Message, frozen=True, kw_only=True, tag="line.hangup"):
    """End a call whatever its stage. A ringing call gets a true CANCEL, so that an answer that crosses it is seen."""

    call: str
    cause: str = "normal"


class Bridge(Message, frozen=True, kw_only=True, tag="line.bridge"):
    """Send the call's audio to a media node, and play what comes back, until Unbridge or the end of the call."""

    call: str
    address: str
    """Where the media node listens, as ``dialer.bus.audio`` writes addresses."""
    key: int
    """64-bit random number that stands in every audio datagram of this bridge."""


class Unbridge(Message, frozen=True, kw_only=True, tag="line.unbridge"):
    """Stop sending the call's audio; the lead hears comfort noise."""

    call: str


class PlayThenHangup(Message, frozen=True, kw_only=True, tag="line.play"):
    """Play a prompt to the lead to its end, then hang up: the safe-harbour message."""

    call: str
    prompt: str


class SendDtmf(Message, frozen=True, kw_only=True, tag="line.dtmf"):
    """Send keypad digits to the lead's side (RFC 4733)."""

    call: str
    digits: str


class Claim(Message, frozen=True, kw_only=True, tag="line.claim"):
    """A daemon that took over a campaign asks for its calls: answered by one ``CallReport`` each, then ``ClaimDone``.

    From then on the node refuses originates of that campaign under a lower epoch."""

    campaign: int
    epoch: int


class Drain(Message, frozen=True, kw_only=True, tag="node.drain"):
    """Take no new work; stop when the last call or session has ended."""


LineCommand = Originate | Hangup | Bridge | Unbridge | PlayThenHangup | SendDtmf | Claim | Drain


# --- from a line node to the room of the call's campaign --------------------------------------------------------


class LineEvent(Message, frozen=True, kw_only=True):
    """Something that happened to one call."""

    call: str
    campaign: int
    node: str
    at: float


class CallTrying(LineEvent, frozen=True, kw_only=True, tag="call.trying"):
    """The INVITE has left."""


class CallRinging(LineEvent, frozen=True, kw_only=True, tag="call.ringing"):
    """180, or 183 when ``early_media``."""

    early_media: bool = False


class CallAnswered(LineEvent, frozen=True, kw_only=True, tag="call.answered"):
    """200 OK. ``crossed_cancel``: it came while our CANCEL was on its way, and counts all the same."""

    crossed_cancel: bool = False


class CallBridged(LineEvent, frozen=True, kw_only=True, tag="call.bridged"):
    """The first audio frame from the media node reached the lead's side."""


class CallDigit(LineEvent, frozen=True, kw_only=True, tag="call.digit"):
    """The lead pressed a key."""

    digit: str


class CallPrompt(LineEvent, frozen=True, kw_only=True, tag="call.prompt"):
    """A prompt began (``finished`` false) or was played to its end. ``by_node``: the engine was silent."""

    prompt: str
    finished: bool
    by_node: bool = False


class Quality(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """RTP and RTCP figures of a call as the lead's side had them."""

    codec: str = ""
    rx_packets: int = 0
    rx_lost: int = 0
    rx_jitter_ms: float = 0.0
    tx_packets: int = 0
    tx_lost: int = 0
    tx_jitter_ms: float = 0.0
    rtt_ms: float = 0.0


class CallEnded(LineEvent, frozen=True, kw_only=True, tag="call.ended"):
    """The call is over.

    ``code`` and ``reason`` are the SIP status that ended an unanswered call, or 200 after an answer; 0 when
    nothing came back. ``ended_by``: far (BYE or a final failure), us (hangup or cancel), node (child died, refused),
    timeout (no answer to the INVITE), ring_limit.
    """

    code: int = 0
    reason: str = ""
    ended_by: str = "far"
    answered: bool = False
    quality: Quality | None = None


class OriginateRefused(LineEvent, frozen=True, kw_only=True, tag="call.refused"):
    """The node placed nothing. ``why``: forged, expired, replayed, stale_epoch, wrong_node, no_capacity, draining,
    no_trunk, bad_request."""

    why: str


class CallReport(LineEvent, frozen=True, kw_only=True, tag="call.report"):
    """Answer to ``Claim``: a call that is alive, with its stage (trying, ringing, answered, bridged, prompt)."""

    stage: str
    answered_at: float = 0.0


class ClaimDone(Message, frozen=True, kw_only=True, tag="line.claimed"):
    """All of the campaign's calls on this node have been reported."""

    campaign: int
    node: str
    epoch: int
    at: float


# --- to a media node --------------------------------------------------------------------------------------------


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


# --- from a media node ------------------------------------------------------------------------------------------


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


# --- replies ----------------------------------------------------------------------------------------------------


class Done(Message, frozen=True, kw_only=True, tag="reply.ok"):
    """The request was carried out. ``data`` is what the caller may show."""

    data: dict[str, object] = msgspec.field(default_factory=dict)


class Failed(Message, frozen=True, kw_only=True, tag="reply.error"):
    """The request was not carried out. ``code`` is stable; ``message`` says what to do, for a person."""

    code: str
    message: str


Reply = Done | Failed | SessionAnswer


# --- to a room (a campaign's stream, read by the daemon that holds its lease) -------------------------------------


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


RoomMessage = (
    AgentCommand
    | AgentConnection
    | CampaignChanged
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


# --- who is alive -------------------------------------------------------------------------------------------------


class NodeStatus(Message, frozen=True, kw_only=True, tag="node.status"):
    """A node's heartbeat, kept in Redis under its id with a life of ``HEARTBEAT_LIFE_S``."""

    node: str
    kind: str
    """line, media, pace or practice."""
    at: float
    started_at: float
    draining: bool = False
    capacity: int = 0
    """Calls or sessions the node could carry now in all."""
    used: int = 0
    address: str = ""
    """Media nodes: where audio datagrams go."""
    detail: dict[str, object] = msgspec.field(default_factory=dict)


AnyMessage = LineCommand | MediaCommand | RoomMessage | Reply | NodeStatus

_encoder = msgspec.msgpack.Encoder()


def encode(message: Message) -> bytes:
    """The message as it travels."""
    return _encoder.encode(message)


def decoder(kind: object) -> msgspec.msgpack.Decoder:
    """A decoder for one of the unions above; it raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.msgpack.Decoder(kind)
