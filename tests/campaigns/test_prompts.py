"""The message that a person hears when nobody is free."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from campaigns.prompts.speech import speak
from campaigns.prompts.wav import BadPrompt, to_prompt
from campaigns.services.prepare_prompt import BUNDLED, merged_text, prepare_prompt, prompt_path
from compliance.models import CallerId
from dialer.lines.prompt_audio import frames

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def recording(rate=44_100, width=2, channels=2, seconds=2.0, hertz=440.0):
    """A tone as a WAV file."""
    tone = np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate) * 0.3
    whole = (tone * (2 ** (8 * width - 1) - 1)).astype(np.int64) + (128 if width == 1 else 0)
    samples = np.repeat(whole, channels)
    raw = samples.astype("<i8").view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(raw)
    return out.getvalue()


def heard(content):
    """Loudness at each hertz of a prompt, as (loudest hertz, peak)."""
    samples = np.frombuffer(b"".join(frames(content)), "<i2").astype(float)
    return int(np.abs(np.fft.rfft(samples)).argmax() * 8000 / len(samples)), np.abs(samples).max()


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_any_usual_recording_becomes_8_khz_16_bit_mono_and_keeps_its_pitch(rate, width):
    hertz, peak = heard(to_prompt(recording(rate, width)))
    assert abs(hertz - 440) <= 3
    assert peak == pytest.approx(0.9 * 32767, rel=0.02)


def test_what_lies_above_4_khz_does_not_fold_into_the_message():
    mixed = to_prompt(recording(48_000, hertz=300.0))
    samples = np.frombuffer(mixed[44:], "<i2").astype(float)
    assert len(samples) == 16_000
    with pytest.raises(BadPrompt, match="silence"):
        to_prompt(recording(48_000, hertz=7000.0))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a WAV"),
        (b"RIFFxxxxWAVEgarbage", "not a WAV"),
        (b"ID3" + b"\0" * 500, "not a WAV"),
        (recording(seconds=0.2), "0.2 s"),
        (recording(8000, seconds=70), "61.0 s"),
        (recording(4000), "8 to 192 kHz"),
        (recording(hertz=0.0), "silence"),
        (recording()[:-1], None),
    ],
)
def test_a_file_that_is_no_message_is_refused_in_words(content, words):
    if words is None:
        assert frames(to_prompt(content))
        return
    with pytest.raises(BadPrompt, match=words):
        to_prompt(content)


def test_the_text_is_spoken_with_name_and_number_merged_in(campaign, organisation):
    campaign.caller_ids.add(CallerId.objects.create(organisation=organisation, number="+12125550100"))
    assert "This is Acme, calling from 2, 1, 2, 5, 5, 5, 0, 1, 0, 0." in merged_text(campaign)
    digest = prepare_prompt(campaign, "sue")
    campaign.refresh_from_db()
    assert campaign.safe_harbour_prompt == digest
    assert 50 * 8 < len(frames(prompt_path(digest).read_bytes())) < 50 * 30


def test_preparing_the_same_message_again_changes_nothing(campaign):
    assert prepare_prompt(campaign, "sue") == prepare_prompt(campaign, "sue")
    assert len(list(prompt_path("x").parent.iterdir())) == 1


def test_a_recording_goes_before_the_text(campaign):
    digest = prepare_prompt(campaign, "sue", recording())
    assert heard(prompt_path(digest).read_bytes())[0] == pytest.approx(440, abs=3)


def test_without_a_text_the_bundled_message_is_used(campaign):
    campaign.safe_harbour_text = ""
    assert prompt_path(prepare_prompt(campaign, "sue")).read_bytes() == BUNDLED.read_bytes()


def test_a_text_that_looks_like_an_option_is_spoken_like_any_other():
    assert frames(to_prompt(speak("--help -w /tmp/x; rm -rf / and some more words to say")))


def test_a_missing_speech_program_is_said_so(settings):
    settings.ESPEAK = "/nowhere/espeak-ng"
    with pytest.raises(BadPrompt, match="espeak-ng is missing"):
        speak("Hello")
