"""A small SIP caller for the tests of the practice carrier."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Callable
from contextlib import suppress

from dialer.practice import sip

_numbers = itertools.count(1)
PATIENCE_S = 15.0


async def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.01)


def offer(port: int, payloads: str = "0 8 101", host: str = "127.0.0.1", extra: str = "") -> str:
    """A session description with one audio line."""
    return (
        f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP {payloads}\r\n"
        f"a=rtpmap:101 telephone-event/8000\r\n{extra}"
    )


class Call:
    """The caller's side of one call."""

    def __init__(self, uac: Uac, number: str, body: str, headers: tuple[str, ...]) -> None:
        self.uac, self.number, self.body, self.headers = uac, number, body, headers
        self.id = f"call-{next(_numbers)}@test"
        self.branch = f"z9hG4bK-{self.id}"
        self.cseq = 1
        self.to_tag = ""
        self.inbox: asyncio.Queue[sip.Message] = asyncio.Queue()
        self.answers: list[int] = []
        self._invite = self.message("INVITE", body=body)

    def message(self, method: str, *, cseq: int | None = None, branch: str = "", body: str = "") -> bytes:
        """A request of this call."""
        tag = f";tag={self.to_tag}" if self.to_tag and method != "CANCEL" else ""
        lines = [
            f"{method} sip:{self.number}@127.0.0.1:{self.uac.far[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.uac.port};branch={branch or self.branch}",
            "Max-Forwards: 70",
            f"From: <sip:+18005550100@127.0.0.1:{self.uac.port}>;tag=from-{self.id}",
            f"To: <sip:{self.number}@127.0.0.1>{tag}",
            f"Call-ID: {self.id}",
            f"CSeq: {cseq or self.cseq} {method}",
            f"Contact: <sip:test@127.0.0.1:{self.uac.port}>",
            *self.headers,
        ]
        return sip.finish(lines, body)

    def invite(self) -> Call:
        """Send the INVITE (again)."""
        self.uac.send(self._invite)
        return self

    def request(self, method: str, body: str = "") -> None:
        """Send a request inside the dialog."""
        self.cseq += 1
        self.uac.send(self.message(method, branch=f"{self.branch}-{self.cseq}", body=body))

    def ack(self, body: str = "") -> None:
        """Acknowledge a 200."""
        self.uac.send(self.message("ACK", branch=f"{self.branch}-ack", body=body))

    def ack_failure(self) -> None:
        """Acknowledge a final failure."""
        self.uac.send(self.message("ACK"))

    def cancel(self, reason: str = "") -> None:
        """Cancel the INVITE."""
        kept, self.headers = self.headers, (f"Reason: {reason}",) if reason else ()
        self.uac.send(self.message("CANCEL"))
        self.headers = kept

    async def next(self) -> sip.Message:
        """The next message that came."""
        message = await asyncio.wait_for(self.inbox.get(), PATIENCE_S)
        if message.status:
            self.answers.append(message.status)
            self.to_tag = sip.tag_of(message.first("to")) or self.to_tag
        return message

    async def until(self, *wanted: int | str) -> sip.Message:
        """The next message with one of these statuses or methods; others are passed over."""
        while True:
            message = await self.next()
            if message.status in wanted or message.method in wanted:
                return message

    async def final(self) -> sip.Message:
        """The final answer to the INVITE, acknowledged where it is a failure."""
        while True:
            message = await self.next()
            if message.status >= 200 and message.cseq[1] == "INVITE":
                if message.status >= 300:
                    self.ack_failure()
                return message

    async def answered(self) -> sip.Message:
        """The 200, acknowledged."""
        answer = await self.until(200)
        self.ack()
        return answer

    async def far_hangs_up(self) -> sip.Message:
        """The far end's BYE, answered."""
        bye = await self.until("BYE")
        self.uac.send(sip.response(bye, 200, self.uac.far))
        return bye


class Uac(asyncio.DatagramProtocol):
    """Places calls from one UDP socket."""

    def __init__(self, port: int) -> None:
        self.far = ("127.0.0.1", port)
        self.port = 0
        self.calls: dict[str, Call] = {}
        self.others: asyncio.Queue[bytes] = asyncio.Queue()

    async def open(self) -> Uac:
        """Bind."""
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port = self.transport.get_extra_info("sockname")[1]
        return self

    def call(self, number: str, body: str | None = None, headers: tuple[str, ...] = ()) -> Call:
        """A call whose INVITE is on its way."""
        call = Call(self, number, offer(9) if body is None else body, headers)
        self.calls[call.id] = call
        return call.invite()

    def send(self, data: bytes) -> None:
        """Send anything."""
        self.transport.sendto(data, self.far)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Sort what came by its call."""
        message = sip.parse(data)
        call = self.calls.get(message.first("call-id"))
        if call:
            call.inbox.put_nowait(message)
        else:
            self.others.put_nowait(data)


class Rtp:
    """A socket for audio."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]

    def packets(self) -> list[bytes]:
        """All that came."""
        found = []
        with suppress(BlockingIOError):
            while True:
                found.append(self.socket.recv(2000))
        return found
