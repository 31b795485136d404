"""What a line node's parent and its children say to each other: msgpack frames over a socket pair."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import Any

import msgspec

from dialer.bus import schemas
from dialer.bus.schemas import Message

LENGTH = struct.Struct("<I")
FRAME_LIMIT_BYTES = 1 << 20


class Route(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a child reaches one trunk. ``key`` changes whenever anything in it does."""

    key: str
    host: str
    address: str
    """``host`` as an IP address: the parent resolves names, for a child that waits for DNS stalls its calls."""
    port: int
    transport: str
    domain: str
    """The domain of our own identity in From and P-Asserted-Identity."""
    username: str = ""
    password: str = ""
    realm: str = "*"
    srtp: str = "off"
    verify_tls: bool = True


# --- to a child -----------------------------------------------------------------------------------


class Start(Message, frozen=True, kw_only=True, tag="child.start"):
    """The first message. ``calls_wanted`` is what the child asks of its SIP stack, not what it gets."""

    node: str
    bind: str
    calls_wanted: int
    directory: str
    """Private to the node: prompts and audio sockets."""
    ca_file: str = ""


class Place(Message, frozen=True, kw_only=True, tag="child.place"):
    """Place one call. All texts have been checked by ``sip_headers``."""

    call: str
    campaign: int
    route: Route
    to_uri: str
    from_uri: str
    headers: list[tuple[str, str]]
    signed_at: float = 0.0
    """When its Identity was signed (Unix time); 0: it has none. A signed INVITE carries a Date."""
    ring_limit: float
    engine_silence: float
    safe_harbour: str = ""
    """Digest of a prompt that rests in the node's directory."""


class Play(Message, frozen=True, kw_only=True, tag="child.play"):
    """Play a prompt that rests in the node's directory, then hang up."""

    call: str
    prompt: str


class Register(Message, frozen=True, kw_only=True, tag="child.register"):
    """Keep a registration (RFC 3261, 10) with this trunk until this child ends."""

    route: Route


class Ping(Message, frozen=True, kw_only=True, tag="child.ping"):
    """Are you there? Answered by Pong."""


class Stop(Message, frozen=True, kw_only=True, tag="child.stop"):
    """Hang up whatever is left and end."""


ToChild = (
    Start
    | Place
    | Play
    | Register
    | Ping
    | Stop
    | schemas.Hangup
    | schemas.Bridge
    | schemas.Unbridge
    | schemas.SendDtmf
)


# --- from a child ---------------------------------------------------------------------------------


class Ready(Message, frozen=True, kw_only=True, tag="child.ready"):
    """The SIP stack runs and can carry this many calls."""

    capacity: int


class Full(Message, frozen=True, kw_only=True, tag="child.full"):
    """The call was not placed: no slot was free after all."""

    call: str


class Taken(Message, frozen=True, kw_only=True, tag="child.taken"):
    """Slots that the SIP stack holds: an ended call keeps its own until the far end confirms, or for 32 s."""

    slots: int


class Pong(Message, frozen=True, kw_only=True, tag="child.pong"):
    """Here."""


LineEvent = (
    schemas.CallTrying
    | schemas.CallRinging
    | schemas.CallAnswered
    | schemas.CallBridged
    | schemas.CallDigit
    | schemas.CallPrompt
    | schemas.CallEnded
)
FromChild = Ready | Full | Taken | Pong | LineEvent


class Pipe(asyncio.Protocol):
    """One end of the socket pair. ``on_lost`` is called once, when the other end is gone."""

    def __init__(self, kind: object, on_message: Callable[[Any], None], on_lost: Callable[[], None]) -> None:
        self._decode = schemas.decoder(kind).decode
        self._on_message = on_message
        self._on_lost = on_lost
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio hands over the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Cut the stream into messages; one that is malformed ends the connection, for both ends are ours."""
        self._buffer += data
        while len(self._buffer) >= LENGTH.size:
            (size,) = LENGTH.unpack_from(self._buffer)
            end = LENGTH.size + size
            if size > FRAME_LIMIT_BYTES:
                raise ValueError("A frame on the line node's pipe is too long.")
            if len(self._buffer) < end:
                return
            message = self._decode(bytes(self._buffer[LENGTH.size : end]))
            del self._buffer[:end]
            self._on_message(message)

    def connection_lost(self, exc: Exception | None) -> None:
        """The other process closed its end or died."""
        self._on_lost()

    def send(self, message: Message) -> None:
        """Queue one message; nothing happens when the other end is gone."""
        if self._transport is not None and not self._transport.is_closing():
            body = schemas.encode(message)
            self._transport.write(LENGTH.pack(len(body)) + body)

    @property
    def unsent(self) -> int:
        """Bytes that the other process has not taken yet."""
        transport = self._transport
        return 0 if transport is None or transport.is_closing() else transport.get_write_buffer_size()
