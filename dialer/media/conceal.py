"""What the lead hears in place of a lost packet: the last pitch period again, fading out.

Waveform substitution after ITU-T G.711 Appendix I, without its ring buffers: the pitch is looked for in the
last three frames only when a frame is missing, so a clean stream costs a table lookup.
"""

from __future__ import annotations

import numpy as np

from dialer.bus.audio import FRAME_SAMPLES

from .codec import SAMPLE_TYPE, Samples, decode

HISTORY_FRAMES = 3
TEMPLATE_SAMPLES = 80
SHORTEST_LAG = 40
"""200 Hz, the highest pitch looked for; higher ones are found at a multiple of their period."""
LONGEST_LAG = 160
"""50 Hz."""
FULL_SAMPLES = 80
"""10 ms at full strength …"""
FADE_SAMPLES = 400
"""… then down to nothing at 60 ms (G.711 Appendix I, 2.5)."""
JOIN_SAMPLES = 32
"""4 ms in which the true signal takes over again."""
RISE = np.linspace(0.0, 1.0, JOIN_SAMPLES, endpoint=False)


class Concealer:
    """Decodes one stream's payloads and fills its gaps."""

    def __init__(self) -> None:
        self._history = [np.zeros(FRAME_SAMPLES, SAMPLE_TYPE)] * HISTORY_FRAMES
        self._period: Samples | None = None
        self._made = 0

    def next(self, payload: bytes | None) -> Samples:
        """The samples of a payload, or of the gap that it left."""
        if payload is None:
            return self._conceal()
        samples = decode(payload)
        if self._period is not None:
            samples = self._take_over(samples)
        self._history = [*self._history[1:], samples]
        return samples

    def _conceal(self) -> Samples:
        if self._period is None:
            self._period = last_period(np.concatenate(self._history))
            self._made = 0
        filled = self._extension(FRAME_SAMPLES)
        self._made += FRAME_SAMPLES
        return filled

    def _take_over(self, samples: Samples) -> Samples:
        tail = self._extension(JOIN_SAMPLES)
        joined = samples.copy()
        joined[:JOIN_SAMPLES] = tail * (1.0 - RISE) + samples[:JOIN_SAMPLES] * RISE
        self._period = None
        return joined

    def _extension(self, count: int) -> Samples:
        """The next ``count`` samples of the repeated and fading period."""
        assert self._period is not None
        at = np.arange(self._made, self._made + count)
        strength = np.clip(1.0 - (at - FULL_SAMPLES) / FADE_SAMPLES, 0.0, 1.0)
        return (self._period[at % len(self._period)] * strength).astype(SAMPLE_TYPE)


def last_period(past: Samples) -> Samples:
    """The end of a signal whose repetition continues it best."""
    wide = past.astype(np.float64)
    template = wide[-TEMPLATE_SAMPLES:]
    region = wide[-TEMPLATE_SAMPLES - LONGEST_LAG : -SHORTEST_LAG]
    windows = np.lib.stride_tricks.sliding_window_view(region, TEMPLATE_SAMPLES)
    energy = np.sqrt((windows * windows).sum(axis=1)) + 1.0
    lag = LONGEST_LAG - int(np.argmax(windows @ template / energy))
    return past[-lag:]
