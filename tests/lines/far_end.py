"""A small SIP far end for tests: UDP on loopback, one coroutine of the test's own for each call."""

from __future__ import annotations

import asyncio
import math
import re
import ssl
import statistics
import struct
from array import array
from collections.abc import Awaitable, Callable

RATE = 8000
FRAME = 160


def linear_to_ulaw(sample: int) -> int:
    """G.711 µ-law, by the book."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32635) + 132
    exponent = max(0, magnitude.bit_length() - 8)
    return ~(sign | exponent << 4 | (magnitude >> exponent + 3) & 0x0F) & 0xFF


def ulaw_to_linear(code: int) -> int:
    """The inverse."""
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 132 << (code >> 4 & 7)) - 132
    return -magnitude if code & 0x80 else magnitude


ULAW = [ulaw_to_linear(code) for code in range(256)]
SILENCE = bytes([0xFF]) * FRAME


def tone(hz: float, samples: int, start: int = 0, peak: int = 8000) -> array:
    """A sine."""
    return array("h", (round(peak * math.sin(2 * math.pi * hz * (start + n) / RATE)) for n in range(samples)))


def power_at(samples: array, hz: float) -> float:
    """Amplitude of one frequency: the median over pieces of 20 ms, so that a lost frame does not matter."""
    turn = 2 * math.pi * hz / RATE
    found = []
    for start in range(0, len(samples) - FRAME + 1, FRAME):
        piece = samples[start : start + FRAME]
        real = sum(s * math.cos(turn * n) for n, s in enumerate(piece))
        imaginary = sum(s * math.sin(turn * n) for n, s in enumerate(piece))
        found.append(2 * math.hypot(real, imaginary) / FRAME)
    return statistics.median(found) if found else 0.0


class Request:
    """A SIP request, taken apart as far as tests need it."""

    def __init__(self, text: str, source: tuple[str, int]) -> None:
        self.text = text
        self.source = source
        head, _, self.body = text.partition("\r\n\r\n")
        self.line, *lines = head.split("\r\n")
        self.method, self.uri = self.line.split(" ")[:2]
        self.headers = [
            (name.strip().lower(), value.strip()) for name, _, value in (x.partition(":") for x in lines)
        ]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]

    def get(self, name: str) -> str:
        return next(iter(self.all(name)), "")


class Rtp(asyncio.DatagramProtocol):
    """RTP of one call: sends a tone, keeps what it hears."""

    def __init__(self) -> None:
        self.heard = array("h")
        self.packets: list[bytes] = []
        self.remote: tuple[str, int] | None = None
        self.transport: asyncio.DatagramTransport
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, _address: object) -> None:
        if len(data) < 12:
            return
        self.packets.append(data)
        if data[1] & 0x7F == 0:
            self.heard.extend(ULAW[code] for code in data[12:])

    def digits(self) -> str:
        """What RFC 4733 events said, each once."""
        codes: dict[bytes, str] = {}
        for packet in self.packets:
            if packet[1] & 0x7F not in (0, 8):
                codes[packet[4:8]] = "0123456789*#ABCD"[packet[12]]
        return "".join(codes.values())

    def send_tone(self, hz: float) -> None:
        self._task = asyncio.get_running_loop().create_task(self._stream(hz))

    async def _stream(self, hz: float) -> None:
        loop = asyncio.get_running_loop()
        start, number = loop.time(), 0
        while True:
            payload = bytes(linear_to_ulaw(s) for s in tone(hz, FRAME, number * FRAME))
            header = struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, number * FRAME, 7)
            self.transport.sendto(header + payload, self.remote)
            number += 1
            await asyncio.sleep(max(0, start + number * 0.02 - loop.time()))

    def send_digit(self, digit: str, payload_type: int) -> None:
        event = "0123456789*#ABCD".index(digit)
        for n, (end, length) in enumerate(
            [(0, 160), (0, 320), (0, 480), (0x80, 640), (0x80, 640), (0x80, 640)]
        ):
            header = struct.pack("!BBHII", 0x80, payload_type | (0x80 if n == 0 else 0), 5000 + n, 90000, 7)
            self.transport.sendto(header + struct.pack("!BBH", event, end | 10, length), self.remote)

    def close(self) -> None:
        if self._task:
            self._task.cancel()
        self.transport.close()


class FarCall:
    """One call as the far end has it."""

    def __init__(self, far: FarEnd, invite: Request) -> None:
        self.far = far
        self.invite = invite
        self.tag = f"far{len(far.calls)}"
        self.cancelled = asyncio.Event()
        self.acked = asyncio.Event()
        self.ended = asyncio.Event()
        self.requests: list[Request] = [invite]
        self.answered_at = 0.0
        self.rtp: Rtp | None = None
        self._cseq = 100

    @property
    def number(self) -> str:
        found = re.match(r"sip:([^@;]+)@", self.invite.uri)
        return found[1] if found else ""

    @property
    def event_type(self) -> int:
        """The payload type that the offer gave to telephone events."""
        found = re.search(r"a=rtpmap:(\d+) telephone-event", self.invite.body)
        return int(found[1]) if found else 101

    def respond(self, code: int, text: str, *extra: str, body: str = "", to: Request | None = None) -> None:
        request = to or self.invite
        self.far.send(
            "\r\n".join(
                [
                    f"SIP/2.0 {code} {text}",
                    *(f"Via: {via}" for via in request.all("via")),
                    f"From: {request.get('from')}",
                    f"To: {request.get('to')}"
                    + ("" if "tag=" in request.get("to") or code == 100 else f";tag={self.tag}"),
                    f"Call-ID: {request.get('call-id')}",
                    f"CSeq: {request.get('cseq')}",
                    f"Contact: <sip:far@127.0.0.1:{self.far.port};transport={self.far.kind}>",
                    *extra,
                    *(["Content-Type: application/sdp"] if body else []),
                    f"Content-Length: {len(body)}",
                    "",
                    body,
                ]
            ),
            request.source,
        )

    def trying(self) -> None:
        self.respond(100, "Trying")

    def ringing(self) -> None:
        self.respond(180, "Ringing")

    async def sdp(self, media: str = "") -> str:
        if self.rtp is None:
            _, self.rtp = await asyncio.get_running_loop().create_datagram_endpoint(
                Rtp, local_addr=("127.0.0.1", 0)
            )
            offer = re.search(r"m=audio (\d+)", self.invite.body)
            self.rtp.remote = ("127.0.0.1", int(offer[1])) if offer else None
        port = self.rtp.transport.get_extra_info("sockname")[1]
        events = self.event_type
        media = media or f"m=audio {port} RTP/AVP 0 {events}\r\na=rtpmap:{events} telephone-event/8000\r\n"
        return f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n{media}"

    async def progress(self) -> None:
        self.respond(183, "Session Progress", body=await self.sdp())

    async def answer(self, media: str = "") -> None:
        body = await self.sdp(media)
        self.answered_at = asyncio.get_running_loop().time()
        self.respond(200, "OK", body=body)

    def reject(self, code: int, text: str, *extra: str) -> None:
        self.respond(code, text, *extra)

    def request(self, method: str, *extra: str, body: str = "") -> None:
        self._cseq += 1
        branch = f"{self.tag}-{self._cseq}-{method}"
        contact = re.search(r"<([^>]+)>", self.invite.get("contact"))
        self.far.send(
            "\r\n".join(
                [
                    f"{method} {contact[1] if contact else self.invite.uri} SIP/2.0",
                    f"Via: SIP/2.0/{self.far.kind.upper()} 127.0.0.1:{self.far.port};branch=z9hG4bK-{branch}",
                    "Max-Forwards: 70",
                    f"From: {self.invite.get('to')};tag={self.tag}",
                    f"To: {self.invite.get('from')}",
                    f"Call-ID: {self.invite.get('call-id')}",
                    f"CSeq: {self._cseq} {method}",
                    f"Contact: <sip:far@127.0.0.1:{self.far.port};transport={self.far.kind}>",
                    *extra,
                    f"Content-Length: {len(body)}",
                    "",
                    body,
                ]
            ),
            self.invite.source,
        )

    async def reinvite(self, direction: str) -> None:
        """Offer the same audio with another direction, and acknowledge the answer."""
        known = len(self.far.responses)
        body = await self.sdp() + f"a={direction}\r\n"
        self.request("INVITE", "Content-Type: application/sdp", body=body)
        while not any(text.startswith("SIP/2.0 200") for text in self.far.responses[known:]):
            await asyncio.sleep(0.01)
        self._cseq -= 1
        self.request("ACK")

    def bye(self, *extra: str) -> None:
        self.request("BYE", *extra)

    def handle(self, request: Request) -> None:
        """Answer CANCEL and BYE as a good citizen would; the rest is the script's."""
        self.requests.append(request)
        if request.method == "ACK":
            self.acked.set()
        elif request.method == "CANCEL":
            self.cancelled.set()
            self.respond(200, "OK", to=request)
            if self.far.confirm_cancel and not self.answered_at:
                self.respond(487, "Request Terminated")
        elif request.method == "BYE":
            self.respond(200, "OK", to=request)
            self.ended.set()


Script = Callable[[FarCall], Awaitable[None]]


class FarEnd(asyncio.DatagramProtocol):
    """Answers at ``port`` as ``script`` says."""

    kind = "udp"

    def __init__(self, script: Script) -> None:
        self.script = script
        self.calls: dict[str, FarCall] = {}
        self.requests: list[Request] = []
        self.responses: list[str] = []
        self.confirm_cancel = True
        self.port = 0
        self._transport: asyncio.DatagramTransport
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> FarEnd:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    def send(self, text: str, address: tuple[str, int]) -> None:
        self._transport.sendto(text.encode(), address)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        text = data.decode(errors="replace")
        if text.startswith("SIP/2.0"):
            self.responses.append(text)
            return
        if not text.strip():
            return
        request = Request(text, address)
        self.requests.append(request)
        key = request.get("call-id")
        call = self.calls.get(key)
        if request.method == "INVITE" and (call is None or request.get("cseq") != call.invite.get("cseq")):
            self.calls[key] = call = FarCall(self, request)
            task = asyncio.get_running_loop().create_task(self.script(call))  # type: ignore[arg-type]
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif call is not None and request.method != "INVITE":
            call.handle(request)

    def call(self) -> FarCall:
        """The only call, or the newest."""
        return list(self.calls.values())[-1]

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for call in self.calls.values():
            if call.rtp:
                call.rtp.close()
        self._transport.close()


class StreamFarEnd(FarEnd):
    """The same over TCP, or over TLS where a context is given."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(script)
        self.kind = "tls" if tls else "tcp"
        self._tls = tls
        self._writers: dict[tuple[str, int], asyncio.StreamWriter] = {}

    async def start(self) -> StreamFarEnd:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        source = writer.get_extra_info("peername")
        self._writers[source] = writer
        while True:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).lstrip()
            except (asyncio.IncompleteReadError, OSError):
                return
            size = re.search(rb"content-length:\s*(\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(size[1])) if size else b""
            self.datagram_received(head + body, source)

    def send(self, text: str, address: tuple[str, int]) -> None:
        self._writers[address].write(text.encode())

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for call in self.calls.values():
            if call.rtp:
                call.rtp.close()
        for writer in self._writers.values():
            writer.close()
        self._server.close()
