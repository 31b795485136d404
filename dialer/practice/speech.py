"""What far ends say, frame by frame: PCMU audio, key presses, or nothing more."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from itertools import repeat
from typing import NamedTuple

from dialer.bus.audio import FRAME_MS, FRAME_SAMPLES
from dialer.media import codec

from . import voices
from .plan import Script
from .voices import WORD_FRAMES, Identity

SILENCE = codec.SILENT_PAYLOAD
DTMF_SIGNS = "0123456789*#ABCD"
EVENT = struct.Struct("!BBH")
EVENT_END = 0x80
_EVENT_VOLUME = 10
_EVENT_FRAMES = 5
_EVENT_ENDS = 3
"""The end of a key press is sent three times (RFC 4733, 2.5.1.4)."""
PRESSED = "12#"


class KeyFrame(NamedTuple):
    """One packet of a key press instead of audio."""

    payload: bytes
    first: bool


Frame = bytes | KeyFrame


def _frames(seconds: float) -> int:
    return round(seconds * 1000 / FRAME_MS)


def silence(seconds: float) -> Iterator[Frame]:
    """So much silence."""
    return repeat(SILENCE, _frames(seconds))


@cache
def beep() -> tuple[bytes, ...]:
    """The beep of a machine: 1,400 Hz for 0.4 s."""
    count = _frames(0.4)
    wave = voices.tone((1400,), count * FRAME_SAMPLES).reshape(count, FRAME_SAMPLES)
    return tuple(codec.encode(frame) for frame in wave)


@cache
def ringback() -> tuple[bytes, ...]:
    """2 s of the North American ringing tone, 440 and 480 Hz, as early media carries it."""
    wave = voices.tone((440, 480), _frames(2) * FRAME_SAMPLES).reshape(-1, FRAME_SAMPLES)
    return tuple(codec.encode(frame) for frame in wave)


def early_media() -> Iterator[Frame]:
    """Ringing tone, 2 s of every 6."""
    while True:
        yield from ringback()
        yield from silence(4)


def press(sign: str) -> Iterator[Frame]:
    """One key press of 100 ms and a gap after it."""
    code = DTMF_SIGNS.index(sign)
    for frame in range(1, _EVENT_FRAMES + _EVENT_ENDS):
        end = EVENT_END if frame >= _EVENT_FRAMES else 0
        duration = FRAME_SAMPLES * min(frame, _EVENT_FRAMES)
        yield KeyFrame(EVENT.pack(code, end | _EVENT_VOLUME, duration), frame == 1)
    yield from silence(0.1)


def _phrases(word: list[bytes]) -> Iterator[Frame]:
    """Talk for ever: three words, half a second of pause."""
    while True:
        for _ in range(3):
            yield from word
        yield from silence(0.5)


def _hello(word: list[bytes]) -> Iterator[Frame]:
    """A hello of one word, a pause in which the other side may answer, then talk."""
    yield from silence(0.2)
    yield from word
    yield from silence(1.0)
    yield from _phrases(word)


def _late_hello(word: list[bytes]) -> Iterator[Frame]:
    yield from silence(2.3)
    yield from _hello(word)


def _talks_over(word: list[bytes]) -> Iterator[Frame]:
    while True:
        yield from word


def _rtp_stops(word: list[bytes]) -> Iterator[Frame]:
    hello = _hello(word)
    for _ in range(_frames(4)):
        yield next(hello)


def _dtmf(word: list[bytes]) -> Iterator[Frame]:
    hello = _hello(word)
    for _ in range(_frames(3)):
        yield next(hello)
    for sign in PRESSED:
        yield from press(sign)
    yield from _phrases(word)


def _machine(word: list[bytes], greeting_s: float) -> Iterator[Frame]:
    """A greeting without a pause, the beep, and the silence of a machine that records."""
    yield from silence(0.3)
    for frame in range(_frames(greeting_s)):
        yield word[frame % WORD_FRAMES]
    yield from silence(0.4)
    yield from beep()
    yield from repeat(SILENCE)


def speech(script: Script, identity: Identity) -> Iterator[Frame]:
    """The frames of a script in somebody's voice, one for each 20 ms; its end is the end of all RTP."""
    word = voices.pcmu_frames(identity)
    match script:
        case Script.HELLO:
            return _hello(word)
        case Script.LATE_HELLO:
            return _late_hello(word)
        case Script.TALKS_OVER:
            return _talks_over(word)
        case Script.RTP_STOPS:
            return _rtp_stops(word)
        case Script.DTMF:
            return _dtmf(word)
        case Script.GREETING:
            return _machine(word, 4.0)
        case Script.LONG_GREETING:
            return _machine(word, 10.0)
