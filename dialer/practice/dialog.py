"""The SIP side of one call: what was said last, and saying it again until it is heard."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Protocol

from . import sip

T1_S, T2_S = 0.5, 4.0
"""RFC 3261, 17.1.1.1: the first wait before a retransmission, and the longest."""
LIFE_S = 64 * T1_S
"""How long a message is repeated without an answer, and how long an ended call still answers repeats."""

Address = tuple[str, int]


class Wire(Protocol):
    """How messages go back: ``reliable`` ones (TCP) need no retransmission of failures."""

    reliable: bool
    name: str

    def send(self, data: bytes, address: Address) -> None:
        """Send one message."""


class Dialog:
    """Answers an INVITE that came from ``source``; ``host`` and ``port`` are ours."""

    def __init__(self, invite: sip.Message, source: Address, wire: Wire, host: str, port: int) -> None:
        self.invite, self.wire, self.host = invite, wire, host
        self.tag = f"{random.getrandbits(48):012x}"
        self.key = invite.first("call-id"), self.tag
        self.transaction = invite.transaction
        self._source, self._port = source, port
        self._last = b""
        self._again: asyncio.TimerHandle | None = None

    @property
    def contact(self) -> str:
        """Our Contact header."""
        return f"Contact: <sip:practice@{self.host}:{self._port};transport={self.wire.name}>"

    @property
    def silent(self) -> bool:
        """Whether nothing has been said yet."""
        return not self._last

    def respond(self, status: int, headers: tuple[str, ...] = (), body: str = "") -> None:
        """Answer the INVITE."""
        tag = "" if status == 100 else self.tag
        self._last = sip.response(self.invite, status, self._source, tag=tag, headers=headers, body=body)
        self.repeat()

    def repeat(self) -> None:
        """Say the last word to the INVITE again, where there was one (17.2.1)."""
        if self._last:
            self.wire.send(self._last, sip.reply_address(self.invite, self._source))

    def reply(self, request: sip.Message, status: int, headers: tuple[str, ...] = (), body: str = "") -> None:
        """Answer another request of this call."""
        data = sip.response(request, status, self._source, tag=self.tag, headers=headers, body=body)
        self.wire.send(data, sip.reply_address(request, self._source))

    def say_bye(self) -> None:
        """Hang up; over UDP the BYE is repeated until it is answered."""
        data, address = self._bye(), self._next_hop()
        self.wire.send(data, address)
        if not self.wire.reliable:
            self._insist(lambda: self.wire.send(data, address), lambda: None)

    def insist_on_answer(self, gave_up: Callable[[], None]) -> None:
        """Repeat a 200 until the ACK comes (13.3.1.4), over every transport."""
        self._insist(self.repeat, gave_up)

    def insist_on_refusal(self) -> None:
        """Repeat a failure until the ACK comes (17.2.1), over UDP."""
        if not self.wire.reliable:
            self._insist(self.repeat, lambda: None)

    def settled(self) -> None:
        """What was said has been heard."""
        if self._again:
            self._again.cancel()
            self._again = None

    def _insist(self, say: Callable[[], None], gave_up: Callable[[], None]) -> None:
        loop, until = asyncio.get_running_loop(), time.monotonic() + LIFE_S

        def again(wait_s: float) -> None:
            if time.monotonic() >= until:
                gave_up()
                return
            say()
            self._again = loop.call_later(wait_s, again, min(2 * wait_s, T2_S))

        self.settled()
        self._again = loop.call_later(T1_S, again, 2 * T1_S)

    @property
    def _routes(self) -> list[str]:
        return self.invite.headers.get("record-route", [])

    @property
    def _far_contact(self) -> str:
        return self.invite.first("contact") or self.invite.first("from")

    def _bye(self) -> bytes:
        to = self.invite.first("to")
        lines = [
            f"BYE {sip.uri_of(self._far_contact)} SIP/2.0",
            f"Via: SIP/2.0/{self.wire.name.upper()} {self.host}:{self._port}"
            f";branch=z9hG4bK{random.getrandbits(64):x};rport",
            *(f"Route: {route}" for route in self._routes),
            "Max-Forwards: 70",
            f"From: {to if sip.tag_of(to) else f'{to};tag={self.tag}'}",
            f"To: {self.invite.first('from')}",
            f"Call-ID: {self.key[0]}",
            "CSeq: 1 BYE",
        ]
        return sip.finish(lines)

    def _next_hop(self) -> Address:
        """The first route or the caller's contact; where that is a name, the address the INVITE came from."""
        target = sip.host_of((self._routes or [self._far_contact])[0])
        return target if target and target[0].replace(".", "").isdecimal() else self._source
