"""The practice carrier: far ends for any number of calls over UDP and TCP, no root, no Django."""

from __future__ import annotations

import asyncio
import random
import resource
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import cast

from . import sip
from .dialog import Address, Dialog, Wire
from .digest import Challenger
from .far_end import FarEnd, House
from .plan import Practice
from .report import STATUS_EVERY_S, Report
from .rtcp import RtcpAnswers
from .rtp import RtpLoop

MAX_CALLS = 5000
PORT_TRIES = 20
DATAGRAMS_A_TURN = 200
Receive = Callable[[bytes, Address, Wire], None]
RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - recognised, not bound


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How a carrier runs."""

    host: str = "127.0.0.1"
    port: int = 5080
    report: Path | None = None
    tapes: Path | None = None
    max_calls: int = MAX_CALLS
    username: str = "practice"
    password: str = "practice"  # noqa: S105 - a far end for practice; it guards nothing
    practice: Practice = field(default_factory=Practice)


@lru_cache(maxsize=256)
def _address_towards(host: str) -> str:
    """The address of this machine that a host sees."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((host, 9))
        return str(probe.getsockname()[0])


class UdpWire:
    """SIP over UDP. It reads what has come in one go: asyncio's own transport takes one datagram a turn of the loop,
    and with thousands of calls a turn is as long as a tick of all their audio."""

    reliable, name = False, "udp"

    def __init__(self, host: str, port: int, receive: Receive) -> None:
        self._receive = receive
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def close(self) -> None:
        """Stop listening."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    def _readable(self) -> None:
        for _ in range(DATAGRAMS_A_TURN):
            try:
                data, source = self._socket.recvfrom(sip.MAX_MESSAGE_BYTES)
            except OSError:
                return
            if data.strip(b"\r\n\0"):
                self._receive(data, source, self)

    def send(self, data: bytes, address: Address) -> None:
        """Send one message; what the network does not take now is lost, as datagrams are."""
        with suppress(OSError):
            self._socket.sendto(data, address)


class TcpWire:
    """SIP over one TCP connection."""

    reliable, name = True, "tcp"

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def send(self, data: bytes, address: Address) -> None:
        """Send one message; the connection knows where to."""
        if not self._writer.is_closing():
            self._writer.write(data)


class Carrier:
    """Takes messages in and hands each to its far end."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.report = Report(options.report)
        self._rtp = RtpLoop(options.host)
        self._calls: dict[str, FarEnd] = {}
        self._dialogs: dict[tuple[str, str], FarEnd] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._house: House | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._house
        return self._house.port

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        loop = asyncio.get_running_loop()
        port = await self._listen()
        self._rtcp, _ = await loop.create_datagram_endpoint(
            lambda: RtcpAnswers(self._rtp), local_addr=(self._options.host, 0)
        )
        self._house = House(
            practice=self._options.practice,
            rtp=self._rtp,
            rtcp_port=self._rtcp.get_extra_info("sockname")[1],
            challenger=Challenger(self._options.username, self._options.password),
            report=self.report,
            port=port,
            forget=self._forget,
            tapes=self._options.tapes,
        )
        self._status = loop.create_task(self._write_status())

    async def _listen(self) -> int:
        """Take the same port for TCP and UDP; of free ports (0) one that is free for both."""
        host = self._options.host
        for left in reversed(range(1 if self._options.port else PORT_TRIES)):
            self._server = await asyncio.start_server(self._serve, host, self._options.port)
            port = int(self._server.sockets[0].getsockname()[1])
            try:
                self._udp = UdpWire(host, port, self.receive)
                break
            except OSError:
                self._server.close()
                if not left:
                    raise
        return port

    async def stop(self) -> None:
        """End all calls and write the report."""
        self._status.cancel()
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(self._status, *self._tasks, return_exceptions=True)
        for call in list(self._calls.values()):
            call.close()
        self._udp.close()
        self._rtcp.close()
        self._rtp.stop()
        self.report.counts["late_ticks"] = self._rtp.late_ticks
        self.report.close()

    async def _write_status(self) -> None:
        while True:
            self.report.write()
            await asyncio.sleep(STATUS_EVERY_S)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One TCP connection: messages framed by Content-Length; a broken one ends it (18.3)."""
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        wire, source = TcpWire(writer), writer.get_extra_info("peername")[:2]
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lstrip(b"\r\n")
                if head:
                    length = sip.content_length(sip.parse(head), 0)
                    self.receive(head + await reader.readexactly(length), source, wire)
        except sip.MalformedMessage:
            self.report.counts["malformed"] += 1
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    # --- messages --------------------------------------------------------------------------------

    def receive(self, data: bytes, source: Address, wire: Wire) -> None:
        """One message. What is none is counted and ignored."""
        try:
            message = sip.parse(data)
        except sip.MalformedMessage:
            self.report.counts["malformed"] += 1
            return
        call = self._dialogs.get((message.first("call-id"), sip.tag_of(message.first("to"))))
        if message.status:
            call = self._dialogs.get((message.first("call-id"), sip.tag_of(message.first("from"))))
            if call and message.status >= 200:
                call.dialog.settled()
        elif message.method == "INVITE" and not sip.tag_of(message.first("to")):
            self._invited(message, source, wire)
        elif message.method == "ACK":
            call = call or self._calls.get(message.transaction)
            if call:
                call.on_ack(message)
        else:
            self._requested(message, call, source, wire)

    def _invited(self, invite: sip.Message, source: Address, wire: Wire) -> None:
        known = self._calls.get(invite.transaction)
        if known:
            known.on_repeat()
            return
        if self.report.live >= self._options.max_calls:
            self.report.counts["over_max_calls"] += 1
            self._reply(invite, 503, source, wire)
            return
        assert self._house
        host = _address_towards(source[0]) if self._options.host in WILDCARDS else self._options.host
        dialog = Dialog(invite, source, wire, host, self._house.port)
        call = FarEnd(self._house, dialog, sip.user_of(invite.uri))
        self._calls[dialog.transaction] = self._dialogs[dialog.key] = call
        call.begin()

    def _requested(self, message: sip.Message, call: FarEnd | None, source: Address, wire: Wire) -> None:
        if message.method == "CANCEL":
            call = self._calls.get(message.transaction)
        if message.method == "OPTIONS":
            self._reply(message, 200, source, wire, (sip.ALLOW, "Accept: application/sdp"))
        elif message.method not in sip.METHODS:
            self._reply(message, 405, source, wire, (sip.ALLOW,))
        elif call is None:
            self._reply(message, 481, source, wire)
        elif message.method == "CANCEL":
            call.on_cancel(message)
        elif message.method == "BYE":
            call.on_bye(message)
        elif message.method == "INFO":
            call.dialog.reply(message, 200)
        else:
            call.on_new_offer(message)

    @staticmethod
    def _reply(
        request: sip.Message, status: int, source: Address, wire: Wire, headers: tuple[str, ...] = ()
    ) -> None:
        """Answer a request that belongs to no call."""
        tag = f"{random.getrandbits(48):012x}"
        data = sip.response(request, status, source, tag=tag, headers=headers)
        wire.send(data, sip.reply_address(request, source))

    def _forget(self, call: FarEnd) -> None:
        self._calls.pop(call.dialog.transaction, None)
        self._dialogs.pop(call.dialog.key, None)
