"""What Paceline reaches for inside aiortc and aioice is where the pinned versions have it."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

import pytest
from aiortc import RTCPeerConnection
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket

from dialer.media import codec, rtp_tap
from dialer.media.peer import AudioPeer
from dialer.practice.softphone import Softphone

pytestmark = pytest.mark.media


def test_the_pinned_version_is_the_one_that_was_read() -> None:
    assert version("aiortc") == "1.16.0"


async def test_the_receiver_hands_packets_to_one_jitter_buffer() -> None:
    connection = RTCPeerConnection()
    receiver = connection.addTransceiver("audio").receiver
    assert type(getattr(receiver, rtp_tap.JITTER_BUFFER)) is JitterBuffer
    heard = []
    rtp_tap.tap_receiver(receiver, lambda sequence, payload: heard.append((sequence, payload)))
    packet = RtpPacket(payload_type=0, sequence_number=5, payload=b"voice")
    assert getattr(receiver, rtp_tap.JITTER_BUFFER).add(packet) == (False, None)
    assert heard == [(5, b"voice")]
    await connection.close()


def test_a_receiver_without_that_buffer_is_refused() -> None:
    with pytest.raises(RuntimeError, match="pinned"):
        rtp_tap.tap_receiver(object(), lambda sequence, payload: None)


async def test_only_the_given_addresses_and_pcmu_are_offered() -> None:
    phone = Softphone()
    sdp = await phone.offer()
    candidates = [line for line in sdp.splitlines() if line.startswith("a=candidate")]
    assert candidates
    assert all(" 127.0.0.1 " in line for line in candidates)
    assert [line for line in sdp.splitlines() if line.startswith("a=rtpmap")] == ["a=rtpmap:0 PCMU/8000"]
    await phone.aclose()


async def test_packets_pass_by_the_codecs_and_reports_are_still_sent() -> None:
    class Listener:
        def __init__(self) -> None:
            self.packets = []

        def on_audio(self, _peer: AudioPeer, sequence: int, payload: bytes) -> None:
            self.packets.append((sequence, payload))

        def on_state(self, peer: AudioPeer, state: str) -> None:
            """States are not looked at here."""

    here, there = Listener(), Listener()
    caller, called = AudioPeer(here, ["127.0.0.1"]), AudioPeer(there, ["127.0.0.1"])
    await caller.accept(await called.answer(await caller.offer()))
    async with asyncio.timeout(5):
        while len(there.packets) < 60:
            caller.send(codec.SILENT_PAYLOAD, frames_passed=2 if len(there.packets) == 3 else 1)
            await asyncio.sleep(0.02)
    sequences = [sequence for sequence, _ in there.packets]
    assert sequences == sorted(sequences)
    assert {payload for _, payload in there.packets} == {codec.SILENT_PAYLOAD}
    receiver = called._connection.getReceivers()[0]
    received = [s for s in (await receiver.getStats()).values() if s.type == "inbound-rtp"]
    assert received[0].packetsReceived >= 60
    assert receiver.track._queue.empty(), "nothing reached the decoder"
    await caller.close()
    await called.close()
