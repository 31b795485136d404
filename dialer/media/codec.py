"""PCMU (ITU-T G.711 mu-law) by lookup tables, and the shape of a 20 ms frame.

Samples are numpy arrays of little endian 16 bit integers; payloads are the bytes of an RTP packet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dialer.bus.audio import FRAME_SAMPLES

Samples = NDArray[np.int16]

SAMPLE_TYPE = np.dtype("<i2")
PAYLOAD_BYTES = FRAME_SAMPLES
"""PCMU has one byte a sample."""
CLIP = 32635
BIAS = 132


def _decoded(code: int) -> int:
    """The sample that a mu-law byte stands for (G.711, table 2a, on a 16 bit scale)."""
    code = ~code & 0xFF
    magnitude = ((((code & 0x0F) << 3) + BIAS) << ((code & 0x70) >> 4)) - BIAS
    return -magnitude if code & 0x80 else magnitude


def _encoded(sample: int) -> int:
    """The mu-law byte nearest to a 16 bit sample."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), CLIP) + BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0F)) & 0xFF


_DECODE = np.array([_decoded(code) for code in range(256)], SAMPLE_TYPE)
_ENCODE = np.array([_encoded(index if index < 32768 else index - 65536) for index in range(65536)], np.uint8)

SILENT_PAYLOAD = bytes([_encoded(0)]) * PAYLOAD_BYTES
"""20 ms of silence as PCMU."""


def decode(payload: bytes) -> Samples:
    """PCMU to samples."""
    return _DECODE.take(np.frombuffer(payload, np.uint8))


def encode(samples: Samples) -> bytes:
    """Samples to PCMU."""
    return _ENCODE.take(samples.view(np.uint16)).tobytes()


def encode_pcm(pcm: bytes) -> bytes:
    """Little endian 16 bit PCM to PCMU."""
    return _ENCODE.take(np.frombuffer(pcm, "<u2")).tobytes()


def samples_of(pcm: bytes) -> Samples:
    """Little endian 16 bit PCM as an array that shares its memory."""
    return np.frombuffer(pcm, SAMPLE_TYPE)


def mix(first: Samples, second: Samples) -> Samples:
    """The sum of two frames, limited to 16 bit."""
    total = first.astype(np.int32) + second
    return total.clip(-32768, 32767).astype(SAMPLE_TYPE)


def level(samples: Samples) -> float:
    """Root mean square of a frame on the 16 bit scale: 0 is silence, 32767 a full square wave."""
    wide = samples.astype(np.float32)
    return float(np.sqrt(np.mean(wide * wide)))
