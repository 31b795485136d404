"""The audio of one call: its port in the SIP stack, and the leg to a media node."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from dialer.bus import schemas

from .audio_leg import AudioLeg
from .audio_port import AudioPort
from .sip_call import SipCall

LEG_REST_S = 0.2
"""A replaced socket is closed only when the clock thread is surely through with it."""


class Desk(msgspec.Struct):
    """What all calls of a child share."""

    node: str
    directory: str
    loop: asyncio.AbstractEventLoop
    emit: Callable[[schemas.Message], None]
    forget: Callable[[str], None]
    ports: list[AudioPort]
    """Ports that no call uses: made once, used again."""


class LineAudio:
    """Lives on the asyncio thread; what it is told to call back is called there too."""

    def __init__(self, desk: Desk, sip: SipCall, on_bridged: Callable[[], None]) -> None:
        self._desk = desk
        self._sip = sip
        self._on_bridged = on_bridged
        self._port: AudioPort | None = None
        self._leg: AudioLeg | None = None

    @property
    def is_bridged(self) -> bool:
        """Whether a media node has the call's audio."""
        return self._leg is not None

    def join(self) -> None:
        """Connect the call's media, as they are now, with the port."""
        media = self._sip.active_media()
        if media is not None:
            port = self._own_port()
            media.startTransmit(port)
            port.startTransmit(media)

    def bridge(self, address: str, key: int) -> None:
        """Join the call with a media node, instead of any other. Raises OSError or ValueError for its address."""
        self.stop_prompt()
        self.drop_leg()
        self._leg = AudioLeg(address, key, self._desk.directory, self._post_bridged)
        self._own_port().leg = self._leg
        self.join()

    def _post_bridged(self) -> None:
        """On the clock thread, at the first frame from the media node."""
        self._desk.loop.call_soon_threadsafe(self._on_bridged)

    def drop_leg(self) -> None:
        """Comfort noise from now on."""
        leg, self._leg = self._leg, None
        if leg is not None:
            if self._port is not None:
                self._port.leg = None
            leg.farewell()
            self._desk.loop.call_later(LEG_REST_S, leg.close)

    def play(self, pieces: list[bytes], on_end: Callable[[], None]) -> None:
        """Play a prompt instead of anything else."""
        self.drop_leg()
        self._own_port().play(pieces, lambda: self._post(on_end))

    def _post(self, action: Callable[[], None]) -> None:
        self._desk.loop.call_soon_threadsafe(action)

    def stop_prompt(self) -> None:
        """Forget a prompt that is being played."""
        if self._port is not None:
            self._port.quieten()

    def release(self) -> None:
        """The call is over: the port is free for another one."""
        self.drop_leg()
        if self._port is not None:
            self._port.quieten()
            self._desk.ports.append(self._port)
            self._port = None

    def _own_port(self) -> AudioPort:
        if self._port is None:
            self._port = self._desk.ports.pop() if self._desk.ports else AudioPort()
        return self._port
