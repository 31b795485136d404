"""Prompts as the lines play them: WAV files of 8 kHz, 16 bit, mono, cut into frames of 20 ms."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

from dialer.bus.audio import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ


class PromptInvalid(ValueError):
    """Bytes that are no prompt; the message says what is wrong."""


def frames(content: bytes) -> list[bytes]:
    """The prompt in frames of 20 ms, the last one filled up with silence. Raises PromptInvalid."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            form = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            if form != (SAMPLE_RATE_HZ, 2, 1):
                raise PromptInvalid(f"A prompt must be 8 kHz, 16 bit, mono; this is {form}.")
            return list(_cut(file))
    except (wave.Error, EOFError) as error:
        raise PromptInvalid(f"A prompt must be a WAV file: {error}") from error


def _cut(file: wave.Wave_read) -> Iterator[bytes]:
    while chunk := file.readframes(FRAME_SAMPLES):
        yield chunk.ljust(FRAME_BYTES, b"\0")
