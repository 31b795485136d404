"""Speaks a text into a WAV file."""

from __future__ import annotations

import subprocess

import structlog
from django.conf import settings

from .wav import BadPrompt

SPEAK_LIMIT_S = 20
WORDS_A_MINUTE = 150
log = structlog.get_logger(__name__)


def speak(text: str) -> bytes:
    """The text spoken by espeak-ng, as WAV. The text goes in by stdin: it is never part of a command line.

    Raises ``BadPrompt`` where the program is missing or fails.
    """
    command = [settings.ESPEAK, "-v", "en-us", "-s", str(WORDS_A_MINUTE), "--stdin", "--stdout"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed argument list, no shell
            command, input=text.encode(), capture_output=True, timeout=SPEAK_LIMIT_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("speech_failed", program=settings.ESPEAK, error=type(error).__name__)
        raise BadPrompt(
            "The text cannot be spoken: espeak-ng is missing or failed. Install it, or upload a WAV file."
        ) from error
    return _with_true_sizes(done.stdout)


def _with_true_sizes(content: bytes) -> bytes:
    """A program that writes to a pipe cannot know the sizes in a WAV head beforehand; here they are."""
    data = content.find(b"data", 12)
    if not content.startswith(b"RIFF") or data < 0:
        raise BadPrompt("The text cannot be spoken: espeak-ng gave no sound. Upload a WAV file instead.")
    body = content[data + 8 :]
    sizes = (len(content) - 8).to_bytes(4, "little"), len(body).to_bytes(4, "little")
    return content[:4] + sizes[0] + content[8 : data + 4] + sizes[1] + body
