"""What a practice agent notes of a call, and whose voice it heard in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from dialer.media.codec import Samples

from .ears import Ear
from .voices import Identity, Kind

PAUSE_S = 1.5
"""A voice that comes back after so much silence is taken for a new one; phrases pause for less."""
EARLY_S = 2.0
"""A lead may be heard so long before the console says that the call is connected."""


@dataclass(slots=True)
class Conversation:
    """One connected call. Times are Unix seconds on the server's clock, 0 where it did not happen."""

    call: str
    number: str
    kind: str
    agent: int
    placed_at: float
    answered_at: float
    connected_at: float
    on_screen_at: float = 0.0
    """When both call and lead had reached this end."""
    first_audio_at: float = 0.0
    """When the far end's voice was first noticed: up to 60 ms after it came."""
    ended_at: float = 0.0
    ended_by: str = ""
    """agent or far_end."""
    disposition: str = ""
    heard: list[str] = field(default_factory=list)
    machine: bool = False

    def note_voice(self, identity: Identity) -> None:
        """A word was heard whole."""
        self.machine = self.machine or identity.kind is Kind.MACHINE
        if str(identity) not in self.heard:
            self.heard.append(str(identity))

    @property
    def joined(self) -> str:
        """right, wrong (any voice that is not the called number's), or unheard.

        Lines send echo: the agent's own voice says nothing of who is there.
        """
        own = str(Identity(Kind.AGENT, self.agent))
        voices = [Identity.read(voice) for voice in self.heard if voice != own]
        if not voices:
            return "unheard"
        right = all(voice.is_number(self.number) for voice in voices)
        return "right" if right else "wrong"

    def as_json(self) -> dict[str, Any]:
        """The conversation as the report writes it."""
        values = asdict(self) | {"joined": self.joined}
        return {
            name: round(value, 3) if isinstance(value, float) else value for name, value in values.items()
        }


class Listener:
    """Gives each voice to the call it belongs to, also where it is heard before the console knows of the call."""

    def __init__(self) -> None:
        self.strays = 0
        """Words that were heard outside every call."""
        self._ear = Ear()
        self._now: Conversation | None = None
        self._sound_since = self._sound_until = 0.0
        self._early: list[tuple[float, Identity]] = []

    def hear(self, frame: Samples, at: float) -> None:
        """A frame from the phone, at server time ``at``."""
        identity, sounding = self._ear.hear(frame)
        if sounding:
            self._sounded(at)
        if identity is None:
            return
        if self._now and (not self._now.ended_at or at < self._now.ended_at + EARLY_S):
            self._now.note_voice(identity)
        else:
            self._early.append((at, identity))

    def _sounded(self, at: float) -> None:
        if at > self._sound_until + PAUSE_S:
            self._sound_since = at
        self._sound_until = at
        if self._now and not self._now.ended_at and not self._now.first_audio_at:
            self._now.first_audio_at = at

    def begin(self, conversation: Conversation, at: float) -> None:
        """A call is connected."""
        self._now = conversation
        if self._sound_until > at - PAUSE_S and self._sound_since > at - EARLY_S:
            conversation.first_audio_at = self._sound_since
        for heard_at, identity in self._early:
            if heard_at > at - EARLY_S:
                conversation.note_voice(identity)
            else:
                self.strays += 1
        self._early.clear()

    def end(self, at: float) -> None:
        """The call is over; what is heard from now on begins a new voice."""
        if self._now and not self._now.ended_at:
            self._now.ended_at = at
        self._sound_since = self._sound_until = 0.0
        self._ear.forget()

    def close(self) -> None:
        """No more calls: what is still unclaimed is stray."""
        self.strays += len(self._early)
        self._early.clear()
