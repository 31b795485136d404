"""Voices carry their whole identity through PCMU, noise and loss."""

from __future__ import annotations

import numpy as np
import pytest

from dialer.media import codec
from dialer.practice import voices
from dialer.practice.ears import Ear, Ears
from dialer.practice.voices import Identity, Kind

pytestmark = pytest.mark.unit
FRAME_S = 0.02


def listen(
    samples: np.ndarray, chance: np.random.Generator, loss: float = 0.0
) -> list[tuple[float, Identity]]:
    """What one ear makes of audio that went through PCMU with packets lost, with the seconds it took."""
    ear, heard = Ear(), []
    for index in range(len(samples) // 160):
        if chance.random() < loss:
            continue
        frame = codec.decode(codec.encode(samples[160 * index : 160 * (index + 1)]))
        identity, _ = ear.hear(frame)
        if identity:
            heard.append(((index + 1) * FRAME_S, identity))
    return heard


def spoken(identity: Identity, seconds: float, start: int = 0) -> np.ndarray:
    word = voices.pcm_frames(identity).reshape(-1)
    return np.tile(word, 2 + int(seconds))[start : start + int(seconds * 8000)]


def noisy(samples: np.ndarray, chance: np.random.Generator, below_db: float) -> np.ndarray:
    level = np.sqrt(np.mean(samples.astype(float) ** 2)) * 10 ** (-below_db / 20)
    return np.clip(samples + chance.normal(0, level, len(samples)), -32768, 32767).astype(np.int16)


def test_five_thousand_numbers_and_agents_have_words_of_their_own() -> None:
    identities = [voices.far_end(f"+1212555{n:04}") for n in range(2500)] + [
        voices.agent(n) for n in range(2500)
    ]
    assert len({tuple(voices.word(identity)) for identity in identities}) == 5000


def test_a_word_reads_back_as_the_identity_that_made_it() -> None:
    for identity in (
        voices.far_end("+447700900123"),
        voices.far_end("4155550199", Kind.MACHINE),
        voices.agent(7),
    ):
        assert voices.read_word(voices.word(identity)) == identity
        assert Identity.read(str(identity)) == identity


def test_any_one_wrong_symbol_is_noticed() -> None:
    values = voices.word(voices.far_end("+12125550103"))
    for place in range(voices.PLACES):
        for change in range(1, 16):
            wrong = list(values)
            wrong[place] ^= change
            assert voices.read_word(wrong) is None


@pytest.mark.parametrize(("loss", "noise_db"), [(0.0, 40), (0.05, 20), (0.05, 10)])
def test_a_voice_is_understood_within_three_seconds_wherever_one_begins_to_listen(
    loss: float, noise_db: float
) -> None:
    chance = np.random.default_rng(5)
    took = []
    for _ in range(40):
        identity = voices.far_end(f"+1{chance.integers(2_000_000_000, 9_999_999_999)}")
        audio = noisy(spoken(identity, 3.5, int(chance.integers(0, 7680))), chance, noise_db)
        heard = listen(audio, chance, loss)
        assert {found for _, found in heard} == {identity}
        took.append(heard[0][0])
    assert np.median(took) <= 1.8
    assert max(took) <= 3.0


def test_noise_music_and_keypad_tones_are_nobody() -> None:
    chance = np.random.default_rng(6)
    noise = chance.normal(0, 6000, 80_000).astype(np.int16)
    time_s = np.arange(80_000) / 8000
    scale = 261.6 * 2 ** (np.floor(time_s * 4) % 12 / 12)
    music = (8000 * np.sin(2 * np.pi * np.cumsum(scale) / 8000)).astype(np.int16)
    keypad = voices.tone((770, 1336), 80_000)
    for audio in (noise, music, keypad):
        assert listen(audio, chance) == []


def test_two_voices_at_once_never_make_a_third() -> None:
    chance = np.random.default_rng(7)
    for _ in range(20):
        pair = [
            voices.far_end(f"+1212555{chance.integers(10_000):04}"),
            voices.agent(int(chance.integers(1, 500))),
        ]
        both = spoken(pair[0], 4.0) // 2 + spoken(pair[1], 4.0, int(chance.integers(0, 7680))) // 2
        assert {found for _, found in listen(both, chance)} <= set(pair)


def test_one_voice_that_follows_another_is_told_apart() -> None:
    chance = np.random.default_rng(8)
    first, second = voices.far_end("+12125550101"), voices.far_end("+12125550102")
    heard = listen(np.concatenate([spoken(first, 1.7), spoken(second, 3.0)]), chance)
    assert [found for _, found in heard] == sorted((found for _, found in heard), key=[first, second].index)
    assert {found for _, found in heard} == {first, second}


def test_numbers_are_compared_by_their_national_part() -> None:
    far = voices.far_end("+12125550103")
    assert far.is_number("2125550103")
    assert far.is_number("0012125550103")
    assert not far.is_number("+12125550104")
    assert not voices.agent(12125550103).is_number("+12125550103")


def test_an_agent_id_without_a_voice_is_refused() -> None:
    with pytest.raises(ValueError, match="No voice for user id"):
        voices.agent(1 << 44)


def test_four_hundred_calls_are_heard_at_once_each_for_itself() -> None:
    ears = Ears(16)
    slots = [ears.open() for _ in range(400)]
    frames = [voices.pcmu_frames(voices.agent(1000 + n)) for n in range(400)]
    heard: dict[int, set[int]] = {slot: set() for slot in slots}
    for index in range(100):
        for n, slot in enumerate(slots):
            ears.feed(slot, frames[n][(index + n) % voices.WORD_FRAMES])
        if index % 3 == 2:
            for slot, identity in ears.listen()[0]:
                heard[slot].add(identity.value)
    assert heard == {slot: {1000 + n} for n, slot in enumerate(slots)}


def test_a_slot_that_is_used_again_remembers_nothing() -> None:
    ears = Ears(1)
    slot = ears.open()
    frames = voices.pcmu_frames(voices.agent(3))
    for frame in frames[:40]:
        ears.feed(slot, frame)
        ears.listen()
    ears.close(slot)
    assert ears.open() == slot
    for frame in frames[40:] + frames[:6]:
        ears.feed(slot, frame)
    assert ears.listen()[0] == []
