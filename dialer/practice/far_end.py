"""One far end: a SIP user agent server that does what the plan says of its number."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from . import sdp, sip, speech, voices
from .digest import Challenger, header_of
from .plan import Answer, Behaviour, Practice
from .report import CallRecord, Report
from .rtp import Leg, RtpLoop

T1_S, T2_S = 0.5, 4.0
"""RFC 3261, 17.1.1.1: the first wait before a retransmission, and the longest."""
LIFE_S = 64 * T1_S
"""How long a message is repeated without an answer, and how long an ended call still answers repeats."""
RING_AFTER_S = 0.1
MAX_RING_S = 180.0
"""A carrier does not ring for ever: then 480."""


class State(StrEnum):
    """Where a call stands."""

    PROCEEDING = "proceeding"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class Wire(Protocol):
    """How messages go back: ``reliable`` ones (TCP) need no retransmission of failures."""

    reliable: bool
    name: str

    def send(self, data: bytes, address: tuple[str, int]) -> None:
        """Send one message."""


@dataclass(kw_only=True, slots=True)
class House:
    """What all far ends share."""

    practice: Practice
    rtp: RtpLoop
    rtcp_port: int
    challenger: Challenger
    report: Report
    port: int
    forget: Callable[[FarEnd], None]


class FarEnd:
    """One call, from its INVITE until its last repeat has been answered."""

    def __init__(
        self, house: House, invite: sip.Message, source: tuple[str, int], wire: Wire, host: str, number: str
    ) -> None:
        self._house, self._invite, self._source, self._wire, self._host = house, invite, source, wire, host
        self.tag = f"{random.getrandbits(48):012x}"
        self.transaction, self.call_id = invite.transaction, invite.first("call-id")
        self.behaviour: Behaviour = house.practice.behaviour(number)
        self.state = State.PROCEEDING
        self._offer = sdp.parse(invite.body)
        self._leg: Leg | None = None
        self._last = b""
        self._timers: list[asyncio.TimerHandle] = []
        self._repeat: asyncio.TimerHandle | None = None
        self._hang_up_after_ack = False
        self._sequence = random.randrange(1, 10_000)
        self.record = CallRecord(
            number=number,
            caller=sip.user_of(invite.first("from")),
            asserted=[sip.user_of(value) for value in invite.headers.get("p-asserted-identity", ())],
            call_id=self.call_id,
            behaviour=self.behaviour.name,
            transport=wire.name,
            invited_at=time.time(),
            identity="identity" in invite.headers,
        )
        house.report.begin(self.record)

    # --- the plan --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Follow the plan."""
        plan = self.behaviour
        if plan.code == 0 and not plan.rings and not plan.early_media:
            self._later(LIFE_S, lambda: self._end(0, "timeout"))
            return
        self._respond(100)
        code = self._refused_from_the_start()
        if code:
            self._refuse(code)
            return
        after = self._house.practice.answer_after_s(plan)
        ring_after = min(RING_AFTER_S, after / 2)
        if plan.early_media:
            self._later(ring_after, self._play_early)
        elif plan.rings:
            self._later(ring_after, lambda: self._ring(180))
        if plan.code == 0:
            self._later(MAX_RING_S, lambda: self._refuse(480, "timeout"))
        elif plan.code == 200:
            self._later(after, self._answer)
        else:
            self._later(after, lambda: self._refuse(plan.code))

    def _refused_from_the_start(self) -> int:
        """The code for an INVITE that the plan does not even look at, or 0."""
        if "100rel" in self._invite.first("require"):
            return 420
        if self._invite.body and (self._offer is None or not self._offer.usable):
            return 488
        if not self.behaviour.challenge:
            return 0
        given = self._invite.first(header_of(self.behaviour.challenge))
        if not given:
            return self.behaviour.challenge
        return 0 if self._house.challenger.accepts(given, "INVITE") else 403

    def _ring(self, code: int, body: str = "") -> None:
        if self.state is not State.PROCEEDING:
            return
        self.record.rang_at = time.time()
        self._respond(code, (self._contact,), body)

    def _play_early(self) -> None:
        self._ring(183, self._open_audio())
        if self._leg:
            self._leg.say(speech.early_media())

    def _answer(self) -> None:
        if self.state is not State.PROCEEDING:
            return
        body = self._open_audio()
        if not body:
            self._refuse(503)
            return
        self.state = State.ANSWERED
        self.record.answered_at = time.time()
        self.record.code = 200
        self._speak()
        self._respond(200, (self._contact, sip.ALLOW), body)
        self._repeat_until_acknowledged(T1_S, time.monotonic() + LIFE_S)
        self._later(self._house.practice.talk_s(self.behaviour, self.record.number), self.hang_up)

    def _speak(self) -> None:
        if not self._leg or not self.behaviour.usable_sdp:
            return
        kind = voices.Kind.MACHINE if self.behaviour.answer is Answer.MACHINE else voices.Kind.HUMAN
        self._leg.say(speech.speech(self.behaviour.script, voices.far_end(self.record.number, kind)))

    def _open_audio(self) -> str:
        """Our session description; empty where the machine has no socket left."""
        if self._leg is None:
            try:
                self._leg = self._house.rtp.open()
            except OSError:
                return ""
            self._aim(self._offer)
        return sdp.describe(
            self._host,
            self._leg.port,
            self._offer,
            rtcp_port=self._house.rtcp_port,
            usable=self.behaviour.usable_sdp,
        )

    def _aim(self, offer: sdp.Offer | None) -> None:
        if self._leg and offer:
            self._leg.remote = (offer.host, offer.port)
            self._leg.event_payload = offer.telephone_event
            self._leg.sends = offer.direction in ("sendrecv", "recvonly")

    # --- what the caller sends --------------------------------------------------------------------------

    def on_repeat(self) -> None:
        """The INVITE came again: say the last word again (17.2.1)."""
        self.record.repeats += 1
        if self._last and self.state is not State.CONFIRMED:
            self._send(self._last)

    def on_ack(self, ack: sip.Message) -> None:
        """The final answer has arrived."""
        self._stop_repeating()
        if self.state is not State.ANSWERED:
            return
        self.state = State.CONFIRMED
        self.record.acked_at = time.time()
        if self._offer is None:
            self._offer = sdp.parse(ack.body)
            self._aim(self._offer)
        if self._hang_up_after_ack:
            self.hang_up()

    def on_cancel(self, cancel: sip.Message) -> None:
        """487, unless the answer is out already or the plan wants both to cross."""
        if not self._last:
            return
        crosses = self.state is State.PROCEEDING and self.behaviour.at_ring_limit
        if crosses:
            self.record.crossed_cancel = True
            self._answer()
        self._wire.send(
            sip.response(cancel, 200, self._source, tag=self.tag), sip.reply_address(cancel, self._source)
        )
        self.record.reason = cancel.first("reason") or self.record.reason
        if self.state is State.PROCEEDING:
            self._refuse(487, "caller")

    def on_bye(self, bye: sip.Message) -> None:
        """The caller hangs up."""
        self.reply(bye, 200)
        if self.state is not State.ENDED:
            self.record.reason = bye.first("reason")
            self._end(200, "caller")

    def on_new_offer(self, request: sip.Message) -> None:
        """A re-INVITE or UPDATE: hold, a session timer, another address."""
        offer = sdp.parse(request.body)
        if self._leg is None or (offer and not offer.usable):
            self.reply(request, 488)
            return
        self._offer = offer or self._offer
        self._aim(self._offer)
        body = self._open_audio() if request.body or request.method == "INVITE" else ""
        self.reply(request, 200, (self._contact,), body)

    def on_response(self) -> None:
        """Our BYE was answered."""
        self._stop_repeating()

    # --- the end --------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """Send a BYE; before the ACK it has to wait (RFC 3261, 15)."""
        if self.state is State.ANSWERED:
            self._hang_up_after_ack = True
        elif self.state is State.CONFIRMED:
            self._say_bye("far_end")

    def _say_bye(self, ended_by: str) -> None:
        self._end(200, ended_by)
        self._sequence += 1
        contact = self._invite.first("contact") or self._invite.first("from")
        to = self._invite.first("to")
        lines = [
            f"BYE {sip.uri_of(contact)} SIP/2.0",
            f"Via: SIP/2.0/{self._wire.name.upper()} {self._host}:{self._house.port}"
            f";branch=z9hG4bK{random.getrandbits(64):x};rport",
            *(f"Route: {route}" for route in self._invite.headers.get("record-route", ())),
            "Max-Forwards: 70",
            f"From: {to if sip.tag_of(to) else f'{to};tag={self.tag}'}",
            f"To: {self._invite.first('from')}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self._sequence} BYE",
        ]
        self._last = sip.finish(lines)
        target = sip.host_of((self._invite.headers.get("record-route") or [contact])[0])
        address = target if target and target[0].replace(".", "").isdigit() else self._source
        self._repeat_bye(address, T1_S, time.monotonic() + LIFE_S)

    def _refuse(self, code: int, ended_by: str = "far_end") -> None:
        if self.state is not State.PROCEEDING:
            return
        headers: tuple[str, ...] = ()
        if code in (401, 407):
            headers = (self._house.challenger.challenge(code),)
        elif code == 420:
            headers = ("Unsupported: 100rel",)
        self._respond(code, headers)
        self._end(code, ended_by)
        if not self._wire.reliable:
            self._repeat_until_acknowledged(T1_S, time.monotonic() + LIFE_S)

    def _end(self, code: int, ended_by: str) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._stop_repeating()
        self.state = State.ENDED
        self.record.code, self.record.ended_by, self.record.ended_at = code, ended_by, time.time()
        if self._leg:
            self.record.take_audio(self._leg)
            self._house.rtp.close(self._leg)
            self._leg = None
        self._house.report.end(self.record)
        asyncio.get_running_loop().call_later(LIFE_S, self._house.forget, self)

    def close(self) -> None:
        """The carrier stops."""
        if self.state is not State.ENDED:
            self._end(self.record.code, "timeout")
        self._stop_repeating()

    # --- sending --------------------------------------------------------------------------------

    @property
    def _contact(self) -> str:
        return f"Contact: <sip:practice@{self._host}:{self._house.port};transport={self._wire.name}>"

    def _respond(self, status: int, headers: tuple[str, ...] = (), body: str = "") -> None:
        self._last = sip.response(
            self._invite,
            status,
            self._source,
            tag="" if status == 100 else self.tag,
            headers=headers,
            body=body,
        )
        self._send(self._last)

    def _send(self, data: bytes) -> None:
        self._wire.send(data, sip.reply_address(self._invite, self._source))

    def reply(self, request: sip.Message, status: int, headers: tuple[str, ...] = (), body: str = "") -> None:
        """Answer another request of this call."""
        data = sip.response(request, status, self._source, tag=self.tag, headers=headers, body=body)
        self._wire.send(data, sip.reply_address(request, self._source))

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, what))

    def _stop_repeating(self) -> None:
        if self._repeat:
            self._repeat.cancel()
            self._repeat = None

    def _repeat_until_acknowledged(self, wait_s: float, until: float) -> None:
        """Retransmit the final answer (13.3.1.4, 17.2.1); a 200 that is never acknowledged ends in a BYE."""

        def again() -> None:
            if time.monotonic() < until:
                self._send(self._last)
                self._repeat_until_acknowledged(min(2 * wait_s, T2_S), until)
            elif self.state is State.ANSWERED:
                self._say_bye("timeout")

        self._repeat = asyncio.get_running_loop().call_later(wait_s, again)

    def _repeat_bye(self, address: tuple[str, int], wait_s: float, until: float) -> None:
        self._wire.send(self._last, address)
        if not self._wire.reliable and time.monotonic() < until:
            self._repeat = asyncio.get_running_loop().call_later(
                wait_s, self._repeat_bye, address, min(2 * wait_s, T2_S), until
            )
