"""A practice agent's audio: the phone, what is spoken into it, and who is heard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import cycle

from dialer.bus.audio import FRAME_SAMPLES, SAMPLE_RATE_HZ
from dialer.media.codec import Samples

from . import voices
from .conversation import Listener
from .softphone import Softphone, silence

HUM_HZ = 440
"""What is sounded for the audio check: nobody's voice."""


class Headset:
    """Holds at most one phone; ``now`` is the server's clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.listener = Listener()
        self.offers = 0
        self.talking = False
        """In a call the agent's own voice is spoken without a pause."""
        self.checked = False
        """Whether the audio check has heard us; before, there is a hum."""
        self._now = now
        self._phone: Softphone | None = None
        self._user = 0
        self._voice = cycle([silence()])
        self._hum = cycle(voices.tone((HUM_HZ,), SAMPLE_RATE_HZ).reshape(-1, FRAME_SAMPLES))

    @property
    def connected(self) -> bool:
        """Whether the phone's connection stands."""
        return self._phone is not None and self._phone.connected.is_set()

    def belongs_to(self, user: int) -> None:
        """Speak in this agent's voice."""
        if user != self._user:
            self._user = user
            self._voice = cycle(voices.pcm_frames(voices.agent(user)))

    async def connect(self, answer_to: Callable[[str], Awaitable[str]]) -> None:
        """Replace the phone by a new one. ``answer_to`` takes the SDP offer and returns the answer."""
        await self.close()
        self.offers += 1
        self._phone = phone = Softphone(self._speak, self._hear)
        await phone.accept(await answer_to(await phone.offer()))

    async def close(self) -> None:
        """Hang up the phone."""
        phone, self._phone = self._phone, None
        if phone:
            await phone.aclose()

    def _speak(self) -> Samples:
        if self.talking:
            return next(self._voice)
        return silence() if self.checked else next(self._hum)

    def _hear(self, frame: Samples) -> None:
        self.listener.hear(frame, self._now())
