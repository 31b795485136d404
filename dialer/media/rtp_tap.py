"""Where packets are taken out of, and put into, aiortc.

aiortc decodes and encodes in threads, which costs five times as much as all the rest. Outgoing packets avoid
that by a public way: a track may return ``av.Packet``. Incoming packets have none, so this module, and no
other, reaches into the pinned aiortc; ``tests/media/test_rtp_tap.py`` fails when a new version differs.
"""

from __future__ import annotations

import asyncio
import fractions
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import av
from aiortc import MediaStreamTrack, RTCPeerConnection
from aiortc.mediastreams import MediaStreamError

from dialer.bus.audio import FRAME_SAMPLES, SAMPLE_RATE_HZ

JITTER_BUFFER = "_RTCRtpReceiver__jitter_buffer"
TIME_BASE = fractions.Fraction(1, SAMPLE_RATE_HZ)
WAITING_PACKETS = 10
"""Outgoing packets kept while the sender is busy; older ones are worth nothing."""

OnAudio = Callable[[int, bytes], None]
"""Called with an RTP sequence number and a payload."""


class PacketTap:
    """Stands in the place of a receiver's jitter buffer, the last station before the decoder.

    It keeps what it is given to itself, so the decoder thread never has anything to do, while aiortc's own
    counting of packets for RTCP receiver reports goes on.
    """

    def __init__(self, on_audio: OnAudio) -> None:
        self._on_audio = on_audio

    def add(self, packet: Any) -> tuple[bool, None]:
        """Take a packet; tell the receiver that no frame is complete and no picture is lost."""
        self._on_audio(packet.sequence_number, packet.payload)
        return False, None


def tap_receiver(receiver: Any, on_audio: OnAudio) -> None:
    """Hand a receiver's packets to ``on_audio`` instead of its decoder."""
    if not hasattr(receiver, JITTER_BUFFER):
        raise RuntimeError(
            "This version of aiortc is not the pinned one: its receiver has no such jitter buffer."
        )
    setattr(receiver, JITTER_BUFFER, PacketTap(on_audio))


def limit_candidates(connection: RTCPeerConnection, hosts: Sequence[str]) -> None:
    """Offer these addresses and no others, loopback included, which aioice leaves out by itself."""
    ice = connection.getTransceivers()[0].receiver.transport.transport.iceGatherer._connection
    gather = ice.get_component_candidates

    async def gather_from_hosts(component: int, addresses: Sequence[str]) -> Any:
        return await gather(component=component, addresses=list(hosts))

    ice.get_component_candidates = gather_from_hosts  # type: ignore[method-assign, assignment]


class PacketTrack(MediaStreamTrack):
    """A track of payloads that are encoded already; ``push`` is called from the event loop."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._packets: deque[av.Packet] = deque(maxlen=WAITING_PACKETS)
        self._waiter: asyncio.Future[None] | None = None
        self._position = 0

    def push(self, payload: bytes, frames_passed: int = 1) -> None:
        """Send 20 ms; ``frames_passed`` is more than 1 where frames before it were lost on their way here."""
        self._position += frames_passed * FRAME_SAMPLES
        packet = av.Packet(payload)
        packet.pts = self._position
        packet.time_base = TIME_BASE
        self._packets.append(packet)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def recv(self) -> av.Packet:
        """The next packet, for aiortc's sender."""
        while not self._packets:
            if self.readyState != "live":
                raise MediaStreamError
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._packets.popleft()
