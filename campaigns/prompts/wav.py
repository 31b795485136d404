"""Reads WAV files of any usual form and writes the one form that lines play."""

from __future__ import annotations

import io
import wave

import numpy as np
from numpy.typing import NDArray

from dialer.bus.audio import SAMPLE_RATE_HZ

MIN_S, MAX_S = 1.0, 60.0
"""A safe-harbour message that a person would hear to its end."""
MAX_RATE_HZ = 192_000
PEAK = 0.9
QUIETEST_RMS = 0.003
"""-50 dB of full scale."""
FILTER_TAPS = 101

Samples = NDArray[np.float64]


class BadPrompt(ValueError):
    """The text or file cannot become a message; the words say what to do."""


def to_prompt(content: bytes) -> bytes:
    """A WAV file as a prompt: mono, 8 kHz, 16 bit, as loud as others. Raises ``BadPrompt``."""
    samples, rate = _read(content)
    length = len(samples) / rate
    if not MIN_S <= length <= MAX_S:
        raise BadPrompt(f"The message lasts {length:.1f} s. Make it {MIN_S:.0f} to {MAX_S:.0f} s long.")
    resampled = _resample(samples, rate)
    if float(np.sqrt(np.mean(resampled**2))) < QUIETEST_RMS:
        raise BadPrompt("The file holds nothing but silence. Choose the recording of the message.")
    return _write(resampled * (PEAK / float(np.abs(resampled).max())))


def _read(content: bytes) -> tuple[Samples, int]:
    try:
        with wave.open(io.BytesIO(content)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            if not SAMPLE_RATE_HZ <= rate <= MAX_RATE_HZ or channels not in (1, 2):
                raise BadPrompt("Use a WAV file with one or two channels and 8 to 192 kHz.")
            raw = file.readframes(int(rate * (MAX_S + 1)))
    except (wave.Error, EOFError) as error:
        raise BadPrompt(
            "This is not a WAV file with PCM audio. Export the recording as WAV (PCM)."
        ) from error
    whole = len(raw) - len(raw) % (width * channels)  # a cut recording may end inside a sample
    return _decode(raw[:whole], width).reshape(-1, channels).mean(axis=1), rate


def _decode(raw: bytes, width: int) -> Samples:
    match width:
        case 1:
            return (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) / 128
        case 2:
            return np.frombuffer(raw, "<i2").astype(np.float64) / 2**15
        case 3:
            parts = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.int32)
            whole = parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24
            return whole.astype(np.float64) / 2**31
        case 4:
            return np.frombuffer(raw, "<i4").astype(np.float64) / 2**31
    raise BadPrompt("Use a WAV file with 8, 16, 24 or 32 bits.")


def _resample(samples: Samples, rate: int) -> Samples:
    """To 8 kHz: a windowed-sinc low pass first, so that what lies above 4 kHz does not fold back, then
    interpolation.
    """
    if rate == SAMPLE_RATE_HZ:
        return samples
    cutoff = 0.45 * SAMPLE_RATE_HZ / rate
    taps = np.arange(FILTER_TAPS) - (FILTER_TAPS - 1) / 2
    kernel = 2 * cutoff * np.sinc(2 * cutoff * taps) * np.hamming(FILTER_TAPS)
    smooth = np.convolve(samples, kernel / kernel.sum(), mode="same")
    count = int(len(samples) * SAMPLE_RATE_HZ / rate)
    return np.interp(np.arange(count) * (rate / SAMPLE_RATE_HZ), np.arange(len(samples)), smooth)


def _write(samples: Samples) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((samples * (2**15 - 1)).astype("<i2").tobytes())
    return out.getvalue()
