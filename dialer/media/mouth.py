"""What a lead hears: the agent through the jitter buffer, silence, the hold sound, or comfort noise."""

from __future__ import annotations

from itertools import cycle

from . import tones
from .conceal import Concealer
from .jitter import JitterBuffer


class Mouth:
    """Makes the frames that go to the line side, from what one agent's browser sends."""

    def __init__(self) -> None:
        self.wanted = False
        """Whether anybody takes the agent's voice: until then it is not kept."""
        self.muted = False
        self.held = False
        self.jitter = JitterBuffer()
        self._concealer = Concealer()
        self._comfort = cycle(tones.COMFORT)
        self._hold = cycle(tones.HOLD)

    def push(self, sequence: int, payload: bytes) -> None:
        """Take a packet of the agent's voice."""
        if self.wanted:
            self.jitter.push(sequence, payload)

    def restart(self) -> None:
        """Forget what waits: another call, or another connection, begins."""
        self.jitter.restart()

    def payload(self) -> bytes | None:
        """The next 20 ms as the agent's browser encoded them, or None for a gap."""
        return self.jitter.pull()

    def frame(self) -> bytes:
        """The next 20 ms as PCM; empty for silence. The voice runs on unheard while muted or on hold."""
        payload = self.jitter.pull()
        if self.held:
            return next(self._hold)
        if self.muted:
            return b""
        return self._concealer.next(payload).tobytes()

    def comfort(self) -> bytes:
        """20 ms for a lead whose agent is away."""
        return next(self._hold if self.held else self._comfort)
