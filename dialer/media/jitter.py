"""A small jitter buffer for one PCMU stream that is pulled every 20 ms.

It puts packets back in order, says which are missing, and finds the shortest delay that the network allows:
a packet that comes too late lengthens the delay by one frame, a buffer that has not run low for two seconds
gives one frame up. The same rules take care of two clocks that drift apart.
"""

from __future__ import annotations

START_FRAMES = 2
"""Frames (of 20 ms) that are collected before the first is handed out."""
MAX_FRAMES = 8
"""The most that is kept: beyond 160 ms two people begin to talk over each other (ITU-T G.114)."""
SPARE_FRAMES = 2
"""Frames that may be left at every pull before the buffer is called too long."""
QUIET_PULLS = 100
"""Pulls without running low after which one frame is given up."""
FAR_JUMP = 50
"""A sequence number this far from the expected one means a new stream, not a loss."""
SEQUENCE_MASK = 0xFFFF


class JitterBuffer:
    """Payloads in by RTP sequence number, payloads out in order."""

    def __init__(self) -> None:
        self._frames: dict[int, bytes] = {}
        self._next = 0
        self._running = False
        self._wait = False
        self._stood = 0
        self._lowest = MAX_FRAMES
        self._pulls = 0
        self.late = 0
        """Packets that came after their place had been concealed."""
        self.missing = 0
        """Places that were passed over because their packet was not there."""

    def __len__(self) -> int:
        return len(self._frames)

    def restart(self) -> None:
        """Forget what is waiting and begin with the next packet."""
        self._frames.clear()
        self._running = self._wait = False
        self._stood = self._pulls = 0
        self._lowest = MAX_FRAMES

    def push(self, sequence: int, payload: bytes) -> None:
        """Take a packet as it came from the network."""
        ahead = ((sequence - self._next + 0x8000) & SEQUENCE_MASK) - 0x8000
        if not -FAR_JUMP < ahead < FAR_JUMP:
            self.restart()
        if not self._frames:
            ahead = self._resume(sequence, ahead)
        if ahead < 0 and self._running:
            self._note_late()
            return
        if ahead < 0:
            # Nothing was handed out yet, so an earlier packet still finds its place.
            self._next = sequence
        self._frames[sequence] = payload
        while len(self._frames) > MAX_FRAMES:
            self._step()

    def pull(self) -> bytes | None:
        """The next 20 ms, or None where there is nothing to hand out: conceal it."""
        if not self._running and len(self._frames) < START_FRAMES:
            return None
        self._running = True
        if self._wait or not self._frames:
            # Standing still for one frame lengthens the delay by one.
            self._wait = False
            self._stood += not self._frames
            return None
        payload = self._step()
        self.missing += payload is None
        self._shorten()
        return payload

    def _resume(self, sequence: int, ahead: int) -> int:
        """Pass over what was lost while the buffer stood still: it was concealed already."""
        if not self._running:
            self._next = sequence
            return 0
        passed = max(0, min(ahead, self._stood))
        self._stood = 0
        self._next = (self._next + passed) & SEQUENCE_MASK
        self.missing += passed
        return ahead - passed

    def _step(self) -> bytes | None:
        payload = self._frames.pop(self._next, None)
        self._next = (self._next + 1) & SEQUENCE_MASK
        return payload

    def _note_late(self) -> None:
        self.late += 1
        self._wait = len(self._frames) < MAX_FRAMES - 1

    def _shorten(self) -> None:
        self._lowest = min(self._lowest, len(self._frames))
        self._pulls += 1
        if self._pulls < QUIET_PULLS:
            return
        if self._lowest >= SPARE_FRAMES:
            self._step()
        self._lowest, self._pulls = MAX_FRAMES, 0
