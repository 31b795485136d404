"""One call's audio on its way to a media node and back: datagrams as ``dialer.bus.audio`` describes them.

The SIP stack's clock thread uses ``send`` and ``next_frame``; the child's main thread opens and closes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import socket
from array import array
from collections import deque
from collections.abc import Callable

from dialer.bus.audio import (
    DATAGRAM_BYTES,
    FLAG_LAST,
    FLAG_SILENCE,
    FRAME_BYTES,
    FRAME_SAMPLES,
    HEADER,
    parse_address,
)

BUFFER_FRAMES = 3
"""Frames that may wait to be played; a late burst loses its oldest, so that delay never builds up."""
CONCEAL_FRAMES = 5
"""Missing frames that are bridged by a fading repetition (100 ms); then comfort noise."""
FADE = 0.6
NOISE_PEAK = 10
"""Peak sample of the comfort noise: about -70 dBov."""
SILENCE = bytes(FRAME_BYTES)
_numbers = itertools.count(1)


def _make_noise(frames: int) -> list[bytes]:
    source = random.Random(1)
    return [
        array("h", (source.randint(-NOISE_PEAK, NOISE_PEAK) for _ in range(FRAME_SAMPLES))).tobytes()
        for _ in range(frames)
    ]


class ComfortNoise:
    """Quiet noise: a line that is utterly still sounds dead (RFC 3389 says why)."""

    _frames = _make_noise(16)

    def __init__(self) -> None:
        self._turn = itertools.cycle(self._frames)

    def next_frame(self) -> bytes:
        """The next 20 ms."""
        return next(self._turn)


def faded(frame: bytes) -> bytes:
    """The frame again, quieter."""
    return array("h", (int(sample * FADE) for sample in array("h", frame))).tobytes()


class AudioLeg:
    """The socket of one bridge. Raises OSError when the media node's address cannot be reached at all."""

    def __init__(self, address: str, key: int, directory: str, on_first: Callable[[], None]) -> None:
        family, target = parse_address(address)
        self._key = key
        self._on_first: Callable[[], None] | None = on_first
        self._sequence = 0
        self._last_heard = -1
        self._frames: deque[bytes] = deque(maxlen=BUFFER_FRAMES)
        self._previous = SILENCE
        self._missing = CONCEAL_FRAMES
        self._noise = ComfortNoise()
        self._path = ""
        self._socket = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            self._bind(family, directory)
            self._socket.connect(target)
        except OSError:
            self.close()
            raise
        self._transmit(FLAG_SILENCE)

    def _bind(self, family: socket.AddressFamily, directory: str) -> None:
        """A Unix datagram socket is answered only where it has a name of its own."""
        if family == socket.AF_UNIX:
            self._path = f"{directory}/{os.getpid()}.{next(_numbers)}"
            self._socket.bind(self._path)

    def send(self, pcm: bytes) -> None:
        """20 ms of the lead's voice. A media node that is away or full costs the frame, nothing else."""
        self._transmit(0, pcm)

    def _transmit(self, flags: int, pcm: bytes = b"") -> None:
        datagram = HEADER.pack(self._key, self._sequence, flags) + pcm
        self._sequence = (self._sequence + 1) & 0xFFFFFFFF
        with contextlib.suppress(OSError):
            self._socket.send(datagram)

    def next_frame(self) -> bytes:
        """20 ms for the lead: what the media node sent, else a fading repetition, else comfort noise."""
        self._collect()
        if self._frames:
            self._missing = 0
            self._previous = self._frames.popleft()
            return self._previous
        self._missing += 1
        if self._missing > CONCEAL_FRAMES:
            return self._noise.next_frame()
        self._previous = faded(self._previous)
        return self._previous

    def _collect(self) -> None:
        while True:
            try:
                datagram = self._socket.recv(DATAGRAM_BYTES + 1)
            except OSError:
                return
            self._take(datagram)

    def _take(self, datagram: bytes) -> None:
        """Keep a frame that carries our key, in order; whatever else arrives is passed over."""
        if len(datagram) < HEADER.size:
            return
        key, sequence, flags = HEADER.unpack_from(datagram)
        pcm = SILENCE if flags & FLAG_SILENCE else datagram[HEADER.size :]
        if key != self._key or len(pcm) != FRAME_BYTES or not self._is_newer(sequence):
            return
        self._last_heard = sequence
        self._frames.append(pcm)
        if self._on_first is not None:
            self._on_first()
            self._on_first = None

    def _is_newer(self, sequence: int) -> bool:
        return self._last_heard < 0 or 0 < (sequence - self._last_heard) & 0xFFFFFFFF < 1 << 31

    def farewell(self) -> None:
        """Tell the media node that nothing more comes."""
        self._transmit(FLAG_LAST | FLAG_SILENCE)

    def close(self) -> None:
        """Close the socket and take its name away."""
        self._socket.close()
        if self._path:
            with contextlib.suppress(OSError):
                os.unlink(self._path)
