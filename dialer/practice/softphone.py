"""An agent's end without a browser: a WebRTC client for practice agents and tests.

It speaks PCMU like the console's page does, from a callable that gives 20 ms of samples at a time, and hands
what it hears to another; it costs about as little as the media node's side of the same session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from dialer.bus.audio import FRAME_MS
from dialer.media import codec
from dialer.media.peer import AudioPeer

FRAME_S = FRAME_MS / 1000
LATE_FORGIVEN_S = 0.2
"""A phone that is further behind skips the time instead of sending it all at once."""

Source = Callable[[], codec.Samples]
"""Gives the next 160 samples (8 kHz, 16 bit)."""
OnFrame = Callable[[codec.Samples], None]
"""Called with each frame as it arrives, without a jitter buffer."""


def silence() -> codec.Samples:
    """The source of a phone that says nothing."""
    return codec.decode(codec.SILENT_PAYLOAD)


class Softphone:
    """One phone. Call ``offer``, give the SDP to a media node, and its answer to ``accept``."""

    def __init__(
        self,
        source: Source = silence,
        on_frame: OnFrame | None = None,
        hosts: Sequence[str] = ("127.0.0.1",),
    ) -> None:
        self.source = source
        self.on_frame = on_frame
        self.connected = asyncio.Event()
        self.closed = asyncio.Event()
        self.frozen = False
        """Send no packets, and say nothing of it: what a killed browser looks like from outside."""
        self.received = 0
        """Packets that have come so far."""
        self._peer = AudioPeer(self, hosts)
        self._speaking: asyncio.Task[None] | None = None

    async def offer(self) -> str:
        """The SDP offer."""
        return await self._peer.offer()

    async def accept(self, answer_sdp: str) -> None:
        """Take the answer; the phone speaks as soon as it is connected."""
        await self._peer.accept(answer_sdp)
        self._speaking = asyncio.create_task(self._speak())

    async def aclose(self) -> None:
        """Hang up; the media node is told at once, as when a page is closed."""
        if self._speaking is not None:
            self._speaking.cancel()
        await self._peer.close()
        self.closed.set()

    def on_audio(self, _peer: AudioPeer, _sequence: int, payload: bytes) -> None:
        """Part of ``dialer.media.peer.Listener``."""
        self.received += 1
        if self.on_frame is not None:
            self.on_frame(codec.decode(payload))

    def on_state(self, _peer: AudioPeer, state: str) -> None:
        """Part of ``dialer.media.peer.Listener``."""
        if state == "connected":
            self.connected.set()
        elif state in ("closed", "failed"):
            self.closed.set()

    async def _speak(self) -> None:
        await self.connected.wait()
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not self.closed.is_set():
            if not self.frozen:
                self._peer.send(codec.encode(self.source()))
            due = max(due + FRAME_S, loop.time() - LATE_FORGIVEN_S)
            await asyncio.sleep(due - loop.time())
