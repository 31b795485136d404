"""The sounds that a media node makes by itself, each built once at start and cut into 20 ms frames."""

from __future__ import annotations

import numpy as np

from dialer.bus.audio import FRAME_SAMPLES, SAMPLE_RATE_HZ

from .codec import SAMPLE_TYPE, Samples

EDGE_MS = 5
"""Tones begin and end over so long, so that they do not click."""
HOLD_PERIOD_MS = 4000
COMFORT_LEVEL = 12
"""Standard deviation of comfort noise, about -69 dBov: audible as "the line is open", no more."""
COMFORT_MS = 2000


def _tone(frequency_hz: float, length_ms: int, amplitude: int) -> Samples:
    count = SAMPLE_RATE_HZ * length_ms // 1000
    wave = amplitude * np.sin(2 * np.pi * frequency_hz * np.arange(count) / SAMPLE_RATE_HZ)
    edge = SAMPLE_RATE_HZ * EDGE_MS // 1000
    ramp = np.linspace(0.0, 1.0, edge)
    wave[:edge] *= ramp
    wave[-edge:] *= ramp[::-1]
    return wave.astype(SAMPLE_TYPE)


def _pause(length_ms: int) -> Samples:
    return np.zeros(SAMPLE_RATE_HZ * length_ms // 1000, SAMPLE_TYPE)


def _frames(*parts: Samples) -> tuple[Samples, ...]:
    joined = np.concatenate(parts)
    padded = np.pad(joined, (0, -len(joined) % FRAME_SAMPLES))
    return tuple(padded.reshape(-1, FRAME_SAMPLES))


def _pcm(*parts: Samples) -> tuple[bytes, ...]:
    return tuple(frame.tobytes() for frame in _frames(*parts))


def _noise(length_ms: int) -> Samples:
    noise = np.random.default_rng(8000).normal(0, COMFORT_LEVEL, SAMPLE_RATE_HZ * length_ms // 1000)
    return noise.astype(SAMPLE_TYPE)


GAP = _pause(60)

SOUNDS: dict[str, tuple[Samples, ...]] = {
    "connect": _frames(_tone(660, 60, 5000), _tone(880, 80, 5000)),
    "callback": _frames(_tone(880, 90, 5000), GAP, _tone(880, 90, 5000), GAP, _tone(1175, 140, 5000)),
    "pause_over": _frames(_tone(523, 150, 5000), GAP, _tone(523, 150, 5000)),
    "hangup": _frames(_tone(660, 90, 4000), _tone(440, 140, 4000)),
}
"""What an agent may be played, by the name that a Tone command gives."""

HOLD = _pcm(_tone(440, 400, 900), _tone(554, 400, 900), _tone(659, 500, 900), _pause(HOLD_PERIOD_MS - 1300))
"""What a lead hears on hold, as PCM to be played over and over: three soft notes every four seconds."""

COMFORT = _pcm(_noise(COMFORT_MS))
"""What a lead hears while there is no agent, as PCM: faint noise instead of a dead line."""
