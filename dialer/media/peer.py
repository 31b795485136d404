"""One WebRTC audio connection that carries PCMU: a node's end of it, or a softphone's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.sdp import SessionDescription

from .rtp_tap import PacketTrack, limit_candidates, tap_receiver

PCMU = [codec for codec in RTCRtpSender.getCapabilities("audio").codecs if codec.mimeType == "audio/PCMU"]
OFFER_LIMIT_BYTES = 32_000
"""A browser's offer for one audio line has about 2,000."""
CANDIDATE_LIMIT = 30
UNWANTED_LINE = re.compile(r"a=extmap|a=end-of-candidates|a=candidate:.*\.local ")


class Listener(Protocol):
    """Who is told what a connection hears and how it fares."""

    def on_audio(self, peer: AudioPeer, sequence: int, payload: bytes) -> None:
        """A packet arrived, as the network delivered it: perhaps late, twice or out of order."""

    def on_state(self, peer: AudioPeer, state: str) -> None:
        """The connection is now connecting, connected, failed or closed."""


class BadOffer(Exception):
    """An SDP that cannot be answered; ``code`` is stable, the text is for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class AudioPeer:
    """A connection with one audio line both ways. Use ``answer``, or ``offer`` and then ``accept``."""

    def __init__(self, listener: Listener, hosts: Sequence[str], ice_servers: Sequence[str] = ()) -> None:
        self._listener = listener
        self._track = PacketTrack()
        servers = [RTCIceServer(urls=url) for url in ice_servers]
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        transceiver = self._connection.addTransceiver(self._track)
        transceiver.setCodecPreferences(PCMU)
        tap_receiver(transceiver.receiver, partial(listener.on_audio, self))
        limit_candidates(self._connection, hosts)
        self._connection.on("connectionstatechange", self._changed)

    @property
    def connected(self) -> bool:
        """Whether ICE and DTLS are done and neither side has closed."""
        return self._connection.connectionState == "connected"

    async def answer(self, offer_sdp: str) -> str:
        """The SDP answer to an offer; raises ``BadOffer``."""
        offer = RTCSessionDescription(sdp=checked_offer(offer_sdp), type="offer")
        try:
            await self._connection.setRemoteDescription(offer)
            await self._connection.setLocalDescription()
        except Exception as error:  # aiortc has no one exception for what it cannot use
            raise BadOffer("bad_offer", "The browser's audio offer does not fit. Reload the page.") from error
        return str(self._connection.localDescription.sdp)

    async def offer(self) -> str:
        """An SDP offer with all candidates in it."""
        await self._connection.setLocalDescription()
        return str(self._connection.localDescription.sdp)

    async def accept(self, answer_sdp: str) -> None:
        """Take the far end's answer to ``offer``."""
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp=answer_sdp, type="answer"))

    def send(self, payload: bytes, frames_passed: int = 1) -> None:
        """Send 20 ms of PCMU now."""
        self._track.push(payload, frames_passed)

    async def close(self) -> None:
        """End the connection; the far end is told by DTLS."""
        await self._connection.close()

    def _changed(self) -> None:
        self._listener.on_state(self, self._connection.connectionState)


def checked_offer(sdp: str) -> str:
    """An offer with one PCMU line both ways; raises ``BadOffer`` for anything else.

    Left out are candidates with an mDNS name, which only the browser's own network could resolve; the word that
    there are no more, since the browser's own checks tell its address (RFC 8445 7.3.1.3); and header extensions,
    which cost time in every packet and tell nothing where there is one stream.
    """
    if len(sdp) > OFFER_LIMIT_BYTES or not sdp.startswith("v=0"):
        raise BadOffer("bad_offer", "This is no browser's audio offer. Reload the page.")
    text = "\r\n".join(line for line in sdp.splitlines() if not UNWANTED_LINE.match(line)) + "\r\n"
    try:
        media = SessionDescription.parse(text).media
    except Exception as error:  # the parser answers odd text with whatever it stumbles over
        raise BadOffer("bad_offer", "The browser's audio offer cannot be read. Reload the page.") from error
    if len(media) != 1 or media[0].kind != "audio" or media[0].direction != "sendrecv":
        raise BadOffer("no_microphone", "Offer one audio line both ways: allow the microphone and try again.")
    if not any(codec.mimeType.lower() == "audio/pcmu" for codec in media[0].rtp.codecs):
        raise BadOffer("no_codec", "The browser offers no PCMU (G.711) audio. Use a current browser.")
    if len(media[0].ice_candidates) > CANDIDATE_LIMIT:
        raise BadOffer("bad_offer", "The browser's audio offer lists too many addresses. Reload the page.")
    return text
