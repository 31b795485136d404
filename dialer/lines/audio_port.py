"""The place in the SIP stack where a call's audio enters and leaves Python.

Both callbacks run on PJMEDIA's clock thread every 20 ms. They must not block and must not raise. Frames are
copied by address: a ``ByteVector`` converted element by element costs three times as much as all the rest.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

import pjsua2 as pj

from dialer.bus.audio import FRAME_BYTES, FRAME_MS, SAMPLE_RATE_HZ

from .audio_leg import AudioLeg, ComfortNoise
from .log import log

_POINTER_BYTES = ctypes.sizeof(ctypes.c_void_p)


def _storage(vector: pj.ByteVector) -> tuple[int, int]:
    """Where the bytes of a C++ vector lie, and how many there are: its first two words are begin and end."""
    begin, end = (ctypes.c_void_p * 2).from_address(int(vector.this))
    return begin or 0, (end or 0) - (begin or 0)


class AudioPort(pj.AudioMediaPort):
    """One call's port. The lead hears a prompt, else what the leg brings, else comfort noise."""

    def __init__(self) -> None:
        super().__init__()
        self.leg: AudioLeg | None = None
        self._noise = ComfortNoise()
        self._prompt: Iterator[bytes] | None = None
        self._on_prompt_end: Callable[[], None] | None = None
        self._out = pj.ByteVector(FRAME_BYTES)
        self._out_at = _storage(self._out)[0]
        form = pj.MediaFormatAudio()
        form.type = pj.PJMEDIA_TYPE_AUDIO
        form.clockRate = SAMPLE_RATE_HZ
        form.channelCount = 1
        form.bitsPerSample = 16
        form.frameTimeUsec = FRAME_MS * 1000
        self.createPort("leg", form)

    def play(self, frames: list[bytes], on_end: Callable[[], None]) -> None:
        """Play these frames instead of anything else; ``on_end`` is called on the clock thread."""
        self._on_prompt_end = on_end
        self._prompt = iter(frames)

    def quieten(self) -> None:
        """Forget leg and prompt: comfort noise."""
        self.leg = self._prompt = self._on_prompt_end = None

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:
        """PJMEDIA wants 20 ms for the lead."""
        try:
            ctypes.memmove(self._out_at, self._next_frame(), FRAME_BYTES)
            frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
            frame.buf = self._out
            frame.size = FRAME_BYTES
        except Exception:
            log.exception("audio_to_lead_failed")

    def _next_frame(self) -> bytes:
        prompt, leg = self._prompt, self.leg
        if prompt is not None:
            frame = next(prompt, None)
            if frame is not None:
                return frame
            self._end_prompt()
        return (leg or self._noise).next_frame()

    def _end_prompt(self) -> None:
        on_end, self._on_prompt_end, self._prompt = self._on_prompt_end, None, None
        if on_end is not None:
            on_end()

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        """PJMEDIA has 20 ms of the lead's voice."""
        leg = self.leg
        if leg is None:
            return
        try:
            address, size = _storage(frame.buf)
            leg.send(ctypes.string_at(address, FRAME_BYTES) if size >= FRAME_BYTES else bytes(FRAME_BYTES))
        except Exception:
            log.exception("audio_from_lead_failed")
