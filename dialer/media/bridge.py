"""A lead's leg: the audio of one call that came over the bus, and the agent's session it is joined with.

The line child's frames are the clock of the leg. Each one goes to the agent's browser the moment it comes,
since the browser has a jitter buffer of its own, and is answered with one frame of the agent's, so nothing
waits for a tick and the child neither runs dry nor overflows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from dialer.bus.audio import FLAG_LAST, FRAME_MS

from .session import Session
from .transport import Address

LONGEST_GAP = 10
"""Lost frames whose time is kept for the browser to conceal; after a longer gap the sound simply goes on."""
RESTART_GAP = 50
"""A sequence number this far back is a child that began anew, not a late frame."""


class Send(Protocol):
    """Sends one frame to the line side."""

    def __call__(self, address: Address, key: int, sequence: int, pcm: bytes, last: bool = False) -> None:
        """No PCM means silence."""


class Leg:
    """One call's audio, joined with one session."""

    def __init__(
        self, call: str, key: int, session: Session, send: Send, on_first: Callable[[Leg], None]
    ) -> None:
        self.call = call
        self.key = key
        self.session = session
        self.address: Address | None = None
        """Where the call's frames come from and go to; None until the first has come."""
        self.first_is_due = True
        """The lead's first frame has yet to go out to the agent."""
        self.late = 0
        self._send = send
        self._on_first = on_first
        self._last_in: int | None = None
        self._sequence = first_sequence()

    def take(self, sequence: int, flags: int, pcm: bytes, address: Address) -> None:
        """A frame of the lead came in: play it to the agent, and answer with the agent's."""
        passed = self._passed(sequence)
        if not passed:
            self.late += 1
            return
        self.address = address
        if self.session.play(pcm, passed) and self.first_is_due:
            self.first_is_due = False
            self._on_first(self)
        if not flags & FLAG_LAST:
            self._send(address, self.key, self._sequence, self.session.speak())
            self._sequence += 1

    def end(self) -> None:
        """Tell the line side that nothing more comes; it plays comfort noise by itself."""
        if self.address is not None:
            self._send(self.address, self.key, self._sequence, b"", last=True)

    def _passed(self, sequence: int) -> int:
        """How many frames' time this one ends: 1, more after a loss, 0 for one that is late or double."""
        if self._last_in is None:
            self._last_in = sequence
            return 1
        ahead = ((sequence - self._last_in + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
        if -RESTART_GAP < ahead <= 0:
            return 0
        self._last_in = sequence
        return ahead if 0 < ahead <= LONGEST_GAP else 1


def first_sequence() -> int:
    """Where a leg begins to count: the time in frames.

    Another leg may have answered the same bridge before, on this node or another, and the child takes only what
    is newer.
    """
    return int(time.time() * 1000 / FRAME_MS)
