"""Listening for voices: many calls at once, with one Fourier transform of all every 60 ms.

Each call's audio is cut into windows of 30 ms, half a symbol, so that every symbol covers at least one window
wholly. The 32 tones lie on lines of the window's spectrum (33⅓ Hz apart) and do not disturb each other in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialer.bus.audio import SAMPLE_RATE_HZ
from dialer.media import codec

from .voices import PLACE_TONES_HZ, PLACES, VALUE_TONES_HZ, Identity, read_word

WINDOW_SAMPLES = 240
BATCH_SAMPLES = 2 * WINDOW_SAMPLES
BUFFER_SAMPLES = 8 * BATCH_SAMPLES
MEMORY_WINDOWS = 100
"""A symbol counts for 3 s of heard audio: longer than the pauses between phrases."""
FLOOR = 150.0
"""Root mean square under which a window is silence (about 46 dB below full scale)."""
EXPLAINED_SHARE = 0.45
"""Of a window's energy that the two best tones must hold: music, speech and noise stay under it."""
CLEAR_RATIO = 4.0
"""By which power the best tone of a band must beat the next (6 dB): half of two symbols has no winner."""
_DECODE = codec.decode(bytes(range(256))).astype(np.float32)
_SILENCE = codec.SILENT_PAYLOAD[0]
_LONG_AGO = -10 * MEMORY_WINDOWS


_LINES = np.array(VALUE_TONES_HZ + PLACE_TONES_HZ) * WINDOW_SAMPLES // SAMPLE_RATE_HZ
"""The 16 value tones, then the 16 place tones, as indices into a spectrum."""


Levels = NDArray[np.floating[Any]]


def _winners(powers: Levels) -> tuple[NDArray[np.intp], Levels, NDArray[np.bool_]]:
    """For each window the best of 16 tones, its power, and whether it is clearly the best."""
    best = powers.argmax(axis=1)
    rows = np.arange(len(powers))
    top = powers[rows, best]
    second = np.partition(powers, -2, axis=1)[:, -2]
    return best, top, top > CLEAR_RATIO * second


class Ears:
    """A listener for up to ``slots`` calls. Not thread-safe."""

    def __init__(self, slots: int = 64) -> None:
        self._free: list[int] = []
        self._audio = np.full((0, BUFFER_SAMPLES), _SILENCE, np.uint8)
        self._flat = memoryview(b"")
        self._fill: list[int] = []
        self._values = np.zeros((0, PLACES), np.int8)
        self._seen = np.full((0, PLACES), _LONG_AGO, np.int64)
        self._window = np.zeros(0, np.int64)
        self._grow(slots)

    def _grow(self, more: int) -> None:
        have = len(self._fill)
        self._free += range(have + more - 1, have - 1, -1)
        self._fill += [0] * more
        self._audio = np.vstack([self._audio, np.full((more, BUFFER_SAMPLES), _SILENCE, np.uint8)])
        self._flat = self._audio.reshape(-1).data
        self._values = np.vstack([self._values, np.zeros((more, PLACES), np.int8)])
        self._seen = np.vstack([self._seen, np.full((more, PLACES), _LONG_AGO, np.int64)])
        self._window = np.concatenate([self._window, np.zeros(more, np.int64)])

    def open(self) -> int:
        """A slot for one call's audio."""
        if not self._free:
            self._grow(len(self._fill))
        slot = self._free.pop()
        self._fill[slot] = 0
        self.forget(slot)
        return slot

    def close(self, slot: int) -> None:
        """Give a slot back."""
        self._free.append(slot)
        self._fill[slot] = 0

    def forget(self, slot: int) -> None:
        """Drop what was half heard: the next word must be heard whole."""
        self._seen[slot] = _LONG_AGO
        self._window[slot] = 0

    def feed(self, slot: int, pcmu: bytes) -> None:
        """Audio of one call, in PCMU. What overflows the buffer between two ``listen`` is lost."""
        fill = self._fill[slot]
        piece = pcmu[: BUFFER_SAMPLES - fill]
        start = slot * BUFFER_SAMPLES + fill
        self._flat[start : start + len(piece)] = piece
        self._fill[slot] = fill + len(piece)

    def listen(self) -> tuple[list[tuple[int, Identity]], list[int]]:
        """What was understood since the last time as (slot, identity), and the slots where a voice was."""
        heard: list[tuple[int, Identity]] = []
        sounding: set[int] = set()
        while ready := [slot for slot, fill in enumerate(self._fill) if fill >= BATCH_SAMPLES]:
            slots = np.array(ready)
            spoken = self._note(slots, self._take(slots))
            sounding.update(spoken)
            heard += self._understood(spoken)
        return heard, sorted(sounding)

    def _take(self, slots: NDArray[np.intp]) -> Levels:
        """The next two windows of each slot, slot by slot."""
        windows = _DECODE.take(self._audio[slots, :BATCH_SAMPLES]).reshape(-1, WINDOW_SAMPLES)
        self._audio[slots, :-BATCH_SAMPLES] = self._audio[slots, BATCH_SAMPLES:]
        for slot in slots.tolist():
            self._fill[slot] -= BATCH_SAMPLES
        return windows

    def _note(self, slots: NDArray[np.intp], windows: Levels) -> list[int]:
        """Write down the symbols in these windows; returns the slots that had any."""
        energy = np.einsum("ij,ij->i", windows, windows)
        lines = np.fft.rfft(windows)[:, _LINES]
        powers = lines.real**2 + lines.imag**2
        value, value_power, value_clear = _winners(powers[:, :16])
        place, place_power, place_clear = _winners(powers[:, 16:])
        explained = (value_power + place_power) * 2 > EXPLAINED_SHARE * WINDOW_SAMPLES * energy
        good = value_clear & place_clear & explained & (energy > WINDOW_SAMPLES * FLOOR**2)
        self._window[slots] += 2
        slot_of = np.repeat(slots, 2)[good]
        self._values[slot_of, place[good]] = value[good]
        self._seen[slot_of, place[good]] = self._window[slot_of]
        return np.unique(slot_of).tolist()

    def _understood(self, slots: list[int]) -> list[tuple[int, Identity]]:
        heard = []
        for slot in slots:
            if self._seen[slot].min() <= self._window[slot] - MEMORY_WINDOWS:
                continue
            identity = read_word(self._values[slot].tolist())
            if identity is not None:
                heard.append((slot, identity))
                self.forget(slot)
        return heard


class Ear:
    """A listener for one call's 16-bit audio."""

    def __init__(self) -> None:
        self._ears = Ears(1)
        self._slot = self._ears.open()

    def hear(self, frame: NDArray[np.int16]) -> tuple[Identity | None, bool]:
        """The identity that became clear with this frame, and whether a voice sounds."""
        self._ears.feed(self._slot, codec.encode(frame))
        heard, sounding = self._ears.listen()
        return (heard[-1][1] if heard else None), bool(sounding)

    def forget(self) -> None:
        """Begin anew, as for the next call."""
        self._ears.forget(self._slot)
