"""The audio socket: order, loss, late frames, strangers, and addresses that do not answer."""

from __future__ import annotations

import socket
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialer.bus.audio import FLAG_LAST, FLAG_SILENCE, FRAME_BYTES, FRAME_SAMPLES, HEADER
from dialer.lines import audio_leg
from dialer.lines.audio_leg import AudioLeg

pytestmark = pytest.mark.unit
KEY = 2**64 - 5


class Peer:
    """The media node's side, blocking."""

    def __init__(self, directory: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.path = str(directory / "media")
        self.socket.bind(self.path)
        self.socket.settimeout(1)
        self.firsts = 0
        self.leg = AudioLeg(f"unix:{self.path}", KEY, str(directory), self._on_first)
        self.hello, self.source = self.socket.recvfrom(999)

    def _on_first(self) -> None:
        self.firsts += 1

    def send(
        self, sequence: int, value: int = 0, key: int = KEY, flags: int = 0, pcm: bytes | None = None
    ) -> None:
        body = frame(value) if pcm is None else pcm
        self.socket.sendto(HEADER.pack(key, sequence, flags) + body, self.source)


def frame(value: int) -> bytes:
    return array("h", [value] * FRAME_SAMPLES).tobytes()


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    made = Peer(tmp_path)
    yield made
    made.leg.close()
    made.socket.close()


def test_the_leg_speaks_first_and_counts_its_frames(peer: Peer) -> None:
    assert HEADER.unpack(peer.hello) == (KEY, 0, FLAG_SILENCE)
    peer.leg.send(frame(5))
    datagram = peer.socket.recv(999)
    assert HEADER.unpack_from(datagram) == (KEY, 1, 0)
    assert datagram[HEADER.size :] == frame(5)


def test_frames_are_played_in_order(peer: Peer) -> None:
    peer.send(0, 1)
    peer.send(1, 2)
    assert [peer.leg.next_frame(), peer.leg.next_frame()] == [frame(1), frame(2)]


def test_the_first_frame_is_told_once(peer: Peer) -> None:
    for n in range(3):
        peer.send(n, n)
        peer.leg.next_frame()
    assert peer.firsts == 1


def test_a_burst_loses_its_oldest_frames(peer: Peer) -> None:
    for n in range(10):
        peer.send(n, n)
    assert peer.leg.next_frame() == frame(10 - audio_leg.BUFFER_FRAMES)


def test_late_and_repeated_frames_are_passed_over(peer: Peer) -> None:
    for n in (5, 4, 5, 6):
        peer.send(n, n)
    assert [peer.leg.next_frame(), peer.leg.next_frame()] == [frame(5), frame(6)]


def test_the_sequence_may_wrap(peer: Peer) -> None:
    for n in (2**32 - 1, 0):
        peer.send(n, n & 7)
    assert [peer.leg.next_frame(), peer.leg.next_frame()] == [frame(7), frame(0)]


@pytest.mark.parametrize("pcm", [b"", b"x", b"x" * (FRAME_BYTES - 2), b"x" * (FRAME_BYTES + 2)])
def test_frames_of_another_size_are_passed_over(peer: Peer, pcm: bytes) -> None:
    peer.send(0, pcm=pcm)
    peer.leg.next_frame()
    assert peer.firsts == 0


def test_strangers_are_not_heard(peer: Peer) -> None:
    peer.send(0, 1, key=KEY - 1)
    peer.socket.sendto(b"junk", peer.source)
    peer.leg.next_frame()
    assert peer.firsts == 0


def test_a_silence_flag_stands_for_a_silent_frame(peer: Peer) -> None:
    peer.send(0, flags=FLAG_SILENCE, pcm=b"")
    assert peer.leg.next_frame() == bytes(FRAME_BYTES)


def test_a_missing_frame_fades_and_then_becomes_comfort_noise(peer: Peer) -> None:
    peer.send(0, 1000)
    peer.leg.next_frame()
    peaks = [max(map(abs, array("h", peer.leg.next_frame()))) for _ in range(audio_leg.CONCEAL_FRAMES + 3)]
    fading = peaks[: audio_leg.CONCEAL_FRAMES]
    assert fading[0] == 600
    assert fading == sorted(fading, reverse=True)
    assert all(0 < peak <= audio_leg.NOISE_PEAK for peak in peaks[audio_leg.CONCEAL_FRAMES :])


def test_sound_comes_back_after_a_gap(peer: Peer) -> None:
    for _ in range(20):
        peer.leg.next_frame()
    peer.send(0, 9)
    assert peer.leg.next_frame() == frame(9)


def test_farewell_says_last(peer: Peer) -> None:
    peer.leg.farewell()
    assert HEADER.unpack(peer.socket.recv(999))[2] & FLAG_LAST


def test_a_dead_media_node_costs_nothing_but_its_sound(peer: Peer) -> None:
    peer.socket.close()
    peer.leg.send(frame(1))
    assert len(peer.leg.next_frame()) == FRAME_BYTES


def test_an_address_without_a_listener_is_an_error_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        AudioLeg(f"unix:{tmp_path}/nobody", KEY, str(tmp_path), lambda: None)
    assert list(tmp_path.iterdir()) == []


def test_closing_takes_the_socket_file_away(peer: Peer, tmp_path: Path) -> None:
    peer.leg.close()
    assert [path.name for path in tmp_path.iterdir()] == ["media"]
