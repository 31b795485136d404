"""What an agent hears: the lead, with the node's own sounds over it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from . import codec, tones
from .mouth import Mouth

ECHO_FRAMES = 25
"""Half a second: long enough for people to tell the echo from their own voice."""


class Ear:
    """Makes the payloads that go to one agent's browser."""

    def __init__(self) -> None:
        self.held = False
        """The lead is on hold: the agent hears nothing of it."""
        self._sound: Iterator[codec.Samples] = iter(())
        self._echo: deque[bytes] | None = None

    def sound(self, name: str) -> None:
        """Begin a sound of ``tones.SOUNDS``, in place of one that still plays. Raises KeyError."""
        self._sound = iter(tones.SOUNDS[name])

    def echo(self, on: bool) -> None:
        """Play the agent's own voice back, half a second later, until switched off."""
        self._echo = deque() if on else None

    def lead_frame(self, pcm: bytes) -> bytes:
        """The payload for a frame of the lead (empty: silence)."""
        sound = next(self._sound, None)
        heard = b"" if self.held else pcm
        if sound is None:
            return codec.encode_pcm(heard) if heard else codec.SILENT_PAYLOAD
        return codec.encode(codec.mix(codec.samples_of(heard), sound) if heard else sound)

    def own_frame(self, mouth: Mouth) -> bytes:
        """The payload for 20 ms in which no lead is heard."""
        sound = next(self._sound, None)
        if sound is not None:
            return codec.encode(sound)
        if self._echo is None:
            return codec.SILENT_PAYLOAD
        self._echo.append(mouth.payload() or codec.SILENT_PAYLOAD)
        return self._echo.popleft() if len(self._echo) > ECHO_FRAMES else codec.SILENT_PAYLOAD
