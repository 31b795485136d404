"""What a lead hears in place of lost packets is close to what was lost."""

from __future__ import annotations

import random

import numpy as np
import pytest

from dialer.media import codec
from dialer.media.conceal import Concealer

from .rig import Tone

pytestmark = pytest.mark.unit


def snr_db(clean: np.ndarray, heard: np.ndarray) -> float:
    noise = clean.astype(float) - heard
    return float(10 * np.log10(np.sum(clean.astype(float) ** 2) / np.sum(noise**2)))


def with_losses(frames: list[np.ndarray], lost: set[int], conceal: bool) -> np.ndarray:
    concealer = Concealer()
    heard = []
    for number, frame in enumerate(frames):
        gap = number in lost
        made = concealer.next(None if gap else codec.encode(frame))
        heard.append(np.zeros_like(made) if gap and not conceal else made)
    return np.concatenate(heard)


@pytest.mark.parametrize("frequency", [120, 440, 1000])
def test_one_packet_in_twenty_lost_is_much_closer_than_silence(frequency: int) -> None:
    tone = Tone(frequency)
    frames = [tone() for _ in range(400)]
    lost = set(random.Random(3).sample(range(5, 400), 20))
    clean = np.concatenate(frames)
    concealed = snr_db(clean, with_losses(frames, lost, conceal=True))
    silenced = snr_db(clean, with_losses(frames, lost, conceal=False))
    assert concealed > silenced + 5


def test_a_gap_that_goes_on_fades_to_silence() -> None:
    tone, concealer = Tone(440), Concealer()
    for _ in range(5):
        concealer.next(codec.encode(tone()))
    levels = [codec.level(concealer.next(None)) for _ in range(6)]
    assert levels[0] > 4000
    assert levels == sorted(levels, reverse=True)
    assert levels[3:] == [0.0, 0.0, 0.0]


def test_the_true_signal_takes_over_without_a_click() -> None:
    tone, concealer = Tone(440), Concealer()
    heard = [concealer.next(codec.encode(tone())) for _ in range(5)]
    tone()
    heard.append(concealer.next(None))
    heard += [concealer.next(codec.encode(tone())) for _ in range(3)]
    steps = np.abs(np.diff(np.concatenate(heard).astype(int)))
    steepest = 8000 * 2 * np.pi * 440 / 8000
    assert steps[200:].max() < 1.5 * steepest


def test_mulaw_tables_agree_with_the_standard() -> None:
    assert codec.encode(np.array([0, 32767, -32768, 1000, -1000], "<i2")).hex() == "ff8000ce4e"
    every = bytes(range(256))
    again = codec.encode(codec.decode(every))
    assert [code for code in range(256) if again[code] != code] == [0x7F], (
        "minus zero has no sample of its own"
    )
