"""Voices that say who speaks: far ends and practice agents sound their whole identity, over and over.

A word has 16 symbols of 60 ms (0.96 s). A symbol is two tones at once: the low one (300 to 1,800 Hz) says a
value of four bits, the high one (1,900 to 3,400 Hz) says the symbol's place in the word. Every symbol stands
by itself: a listener may begin anywhere, miss packets, and piece the word together from what it heard. Twelve
values carry the identity (four bits of kind, 44 of number), four a CRC-16: a join is proven, not just likely.
``ears`` is the listener.
"""

from __future__ import annotations

import binascii
from enum import IntEnum
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dialer.bus.audio import FRAME_SAMPLES, SAMPLE_RATE_HZ
from dialer.media import codec

PLACES = 16
SYMBOL_FRAMES = 3
WORD_FRAMES = PLACES * SYMBOL_FRAMES
TONE_STEP_HZ = 100
VALUE_TONES_HZ = tuple(300 + TONE_STEP_HZ * value for value in range(16))
PLACE_TONES_HZ = tuple(1900 + TONE_STEP_HZ * place for place in range(PLACES))
AMPLITUDE = 5200
"""Of each tone; the pair together is about 13 dB below full scale, the level of a speaker near the phone."""
RAMP_SAMPLES = 20
"""2.5 ms of fade at both ends of a symbol, against clicks."""
NUMBER_BITS = 44
KEPT_DIGITS = 13
"""Digits of a number that fit into 44 bits; E.164 numbers with more lose their first."""
COMPARED_DIGITS = 10
"""Carriers add and take away prefixes; the national number stays."""
_CRC_START = 0xFFFF


class Kind(IntEnum):
    """Who speaks. Far ends and agents never share a code."""

    HUMAN = 1
    MACHINE = 2
    AGENT = 8


class Identity(NamedTuple):
    """What a voice says: a person's or machine's number, or an agent's user id."""

    kind: Kind
    value: int

    def __str__(self) -> str:
        return f"{self.kind.name.lower()}:{self.value}"

    @classmethod
    def read(cls, text: str) -> Identity:
        """The identity that ``str`` wrote."""
        kind, _, value = text.partition(":")
        return cls(Kind[kind.upper()], int(value))

    def is_number(self, number: str) -> bool:
        """Whether this is the far end of a number, written in whatever way."""
        return self.kind is not Kind.AGENT and _tail(str(self.value)) == _tail(number)


def _digits(number: str) -> str:
    return "".join(digit for digit in number if digit.isdigit() and digit.isascii())


def _tail(number: str) -> str:
    return _digits(number)[-COMPARED_DIGITS:].zfill(COMPARED_DIGITS)


def far_end(number: str, kind: Kind = Kind.HUMAN) -> Identity:
    """The identity of the far end that answers a number."""
    return Identity(kind, int(_digits(number)[-KEPT_DIGITS:] or "0"))


def agent(user: int) -> Identity:
    """The identity of a practice agent. Raises ValueError for an id of more than 44 bits."""
    if not 0 <= user < 1 << NUMBER_BITS:
        raise ValueError(f"No voice for user id {user}: it must be between 0 and 2^{NUMBER_BITS} - 1.")
    return Identity(Kind.AGENT, user)


def word(identity: Identity) -> list[int]:
    """The 16 values of an identity, in order of their places."""
    body = ((int(identity.kind) << NUMBER_BITS) | identity.value).to_bytes(6, "big")
    whole = body + binascii.crc_hqx(body, _CRC_START).to_bytes(2, "big")
    return [nibble for byte in whole for nibble in (byte >> 4, byte & 15)]


def read_word(values: list[int]) -> Identity | None:
    """The identity that 16 values spell, or None where the checksum or the kind is wrong."""
    whole = bytes(values[i] << 4 | values[i + 1] for i in range(0, PLACES, 2))
    if binascii.crc_hqx(whole, _CRC_START) != 0:
        return None
    body = int.from_bytes(whole[:6], "big")
    try:
        return Identity(Kind(body >> NUMBER_BITS), body & ((1 << NUMBER_BITS) - 1))
    except ValueError:
        return None


def tone(frequencies_hz: tuple[int, ...], samples: int) -> NDArray[np.int16]:
    """Tones sounded together, faded in and out."""
    time_s = np.arange(samples) / SAMPLE_RATE_HZ
    wave = sum(np.sin(2 * np.pi * hertz * time_s) for hertz in frequencies_hz)
    fade = np.minimum(1.0, (np.minimum(np.arange(samples), np.arange(samples)[::-1]) + 1) / RAMP_SAMPLES)
    return (AMPLITUDE * wave * fade).astype(np.int16)


@cache
def _symbol(place: int, value: int) -> NDArray[np.int16]:
    wave = tone((VALUE_TONES_HZ[value], PLACE_TONES_HZ[place]), SYMBOL_FRAMES * FRAME_SAMPLES)
    return wave.reshape(SYMBOL_FRAMES, FRAME_SAMPLES)


@cache
def _symbol_pcmu(place: int, value: int) -> tuple[bytes, ...]:
    return tuple(codec.encode(frame) for frame in _symbol(place, value))


def pcm_frames(identity: Identity) -> NDArray[np.int16]:
    """One word as 48 frames of 160 samples, to be repeated."""
    return np.concatenate([_symbol(place, value) for place, value in enumerate(word(identity))])


def pcmu_frames(identity: Identity) -> list[bytes]:
    """One word as 48 PCMU frames of 160 bytes, to be repeated; they share storage with all other voices."""
    return [frame for place, value in enumerate(word(identity)) for frame in _symbol_pcmu(place, value)]
