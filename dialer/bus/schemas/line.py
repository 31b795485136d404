"""To a line node, and from it to the room of the call's campaign."""

from __future__ import annotations

import msgspec

from .base import Drain, Message


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


LineCommand = Originate | Hangup | Bridge | Unbridge | PlayThenHangup | SendDtmf | Claim | Drain


class LineEvent(Message, frozen=True, kw_only=True):
    """Something that happened to one call."""

    call: str
    campaign: int
    node: str
    at: float


class CallTrying(LineEvent, frozen=True, kw_only=True, tag="call.trying"):
    """The INVITE has left. The rest is the node's evidence that it was allowed to."""

    permit: str = ""
    """The permit's id."""
    epoch: int = 0
    """The epoch that ordered the dial."""
    newest_epoch: int = 0
    """The highest epoch of the campaign that the node had heard of by then: never above ``epoch``."""


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


NO_AUDIO = "the answer offered no audio that we can use"


class CallEnded(LineEvent, frozen=True, kw_only=True, tag="call.ended"):
    """The call is over.

    ``code`` and ``reason`` are the SIP status that ended an unanswered call, or 200 after an answer; 0 when
    nothing came back. ``ended_by``: far (BYE or a final failure), us (hangup or cancel), node (child died, refused),
    timeout (no answer to the INVITE), ring_limit, machine (told apart before it counted as an answer; simulated
    nodes say so). ``reason`` is ``NO_AUDIO`` where the answer's SDP was of no use.
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
    detail: str = ""
    """Where the trunk cannot be used: why, in words."""


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
