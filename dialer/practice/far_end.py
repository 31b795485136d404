"""One far end: a SIP user agent server that does what the plan says of its number."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from . import dialog as dialogs
from . import sdp, sip, speech, voices
from .dialog import Dialog
from .digest import Challenger, header_of
from .plan import Answer, Behaviour, Practice
from .report import CallRecord, Report
from .rtp import Leg, RtpLoop
from .tape import Tape

RING_AFTER_S = 0.1
MAX_RING_S = 180.0
"""A carrier does not ring for ever: then 480."""


class State(StrEnum):
    """Where a call stands."""

    PROCEEDING = "proceeding"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    ENDED = "ended"


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
    tapes: Path | None = None
    """Folder for what far ends hear; None: nothing is kept."""


def _record(invite: sip.Message, number: str, behaviour: Behaviour, transport: str) -> CallRecord:
    return CallRecord(
        number=number,
        caller=sip.user_of(invite.first("from")),
        asserted=[sip.user_of(value) for value in invite.headers.get("p-asserted-identity", ())],
        call_id=invite.first("call-id"),
        behaviour=behaviour.name,
        transport=transport,
        invited_at=time.time(),
        identity="identity" in invite.headers,
    )


class FarEnd:
    """One call, from its INVITE until its last repeat has been answered."""

    def __init__(self, house: House, dialog: Dialog, number: str) -> None:
        self._house, self.dialog = house, dialog
        self._plan = house.practice.behaviour(number)
        self._state = State.PROCEEDING
        self._offer = sdp.parse(dialog.invite.body)
        self._leg: Leg | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._hang_up_after_ack = False
        self._record = _record(dialog.invite, number, self._plan, dialog.wire.name)
        house.report.begin(self._record)

    # --- the plan -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Follow the plan."""
        plan = self._plan
        if plan.code == 0 and not plan.rings and not plan.early_media:
            self._later(dialogs.LIFE_S, lambda: self._end(0, "timeout"))
            return
        self.dialog.respond(100)
        refused = self._refused_from_the_start()
        if refused:
            self._refuse(refused)
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
        invite = self.dialog.invite
        if "100rel" in invite.first("require"):
            return 420
        if invite.body and (self._offer is None or not self._offer.usable):
            return 488
        if not self._plan.challenge:
            return 0
        given = invite.first(header_of(self._plan.challenge))
        if not given:
            return self._plan.challenge
        return 0 if self._house.challenger.accepts(given, "INVITE") else 403

    def _ring(self, code: int, body: str = "") -> None:
        if self._state is State.PROCEEDING:
            self._record.rang_at = time.time()
            self.dialog.respond(code, (self.dialog.contact,), body)

    def _play_early(self) -> None:
        self._ring(183, self._open_audio())
        if self._leg:
            self._leg.say(speech.early_media())

    def _answer(self) -> None:
        if self._state is not State.PROCEEDING:
            return
        body = self._open_audio()
        if not body:
            self._refuse(503)
            return
        self._state = State.ANSWERED
        self._record.answered_at = time.time()
        self._record.code = 200
        self._speak()
        self.dialog.respond(200, (self.dialog.contact, sip.ALLOW), body)
        self.dialog.insist_on_answer(lambda: self._say_bye("timeout"))
        self._later(self._house.practice.talk_s(self._plan, self._record.number), self._hang_up)

    def _speak(self) -> None:
        if not self._leg or not self._plan.usable_sdp:
            return
        kind = voices.Kind.MACHINE if self._plan.answer is Answer.MACHINE else voices.Kind.HUMAN
        self._leg.say(speech.speech(self._plan.script, voices.far_end(self._record.number, kind)))

    # --- audio ----------------------------------------------------------------------------------------

    def _open_audio(self) -> str:
        """Our session description; empty where the machine has no socket left."""
        if self._leg is None:
            try:
                self._leg = self._house.rtp.open()
            except OSError:
                return ""
            if self._house.tapes:
                self._leg.tape = Tape(self._house.tapes, self._record.number)
            self._aim(self._offer)
        rtcp_port, usable = self._house.rtcp_port, self._plan.usable_sdp
        return sdp.describe(self.dialog.host, self._leg.port, self._offer, rtcp_port=rtcp_port, usable=usable)

    def _aim(self, offer: sdp.Offer | None) -> None:
        if self._leg and offer:
            self._leg.remote = (offer.host, offer.port)
            self._leg.event_payload = offer.telephone_event
            self._leg.sends = offer.direction in ("sendrecv", "recvonly")

    # --- what the caller sends --------------------------------------------------------------------------

    def on_repeat(self) -> None:
        """The INVITE came again."""
        self._record.repeats += 1
        if self._state is not State.CONFIRMED:
            self.dialog.repeat()

    def on_ack(self, ack: sip.Message) -> None:
        """The final answer has arrived."""
        if self._state is State.CONFIRMED or (self._state is State.ENDED and self._record.answered_at):
            return
        self.dialog.settled()
        if self._state is not State.ANSWERED:
            return
        self._state = State.CONFIRMED
        self._record.acked_at = time.time()
        if self._offer is None:
            self._offer = sdp.parse(ack.body)
            self._aim(self._offer)
        if self._hang_up_after_ack:
            self._hang_up()

    def on_cancel(self, cancel: sip.Message) -> None:
        """487, unless the answer is out already or the plan wants both to cross."""
        if self.dialog.silent:
            return
        if self._state is State.PROCEEDING and self._plan.at_ring_limit:
            self._record.crossed_cancel = True
            self._answer()
        self.dialog.reply(cancel, 200)
        self._record.reason = cancel.first("reason") or self._record.reason
        self._refuse(487, "caller")

    def on_bye(self, bye: sip.Message) -> None:
        """The caller hangs up."""
        self.dialog.reply(bye, 200)
        if self._state is not State.ENDED:
            self._record.reason = bye.first("reason")
            self._end(200, "caller")

    def on_new_offer(self, request: sip.Message) -> None:
        """A re-INVITE or UPDATE: hold, a session timer, another address."""
        offer = sdp.parse(request.body)
        if self._leg is None or (offer and not offer.usable):
            self.dialog.reply(request, 488)
            return
        self._offer = offer or self._offer
        self._aim(self._offer)
        body = self._open_audio() if request.body or request.method == "INVITE" else ""
        self.dialog.reply(request, 200, (self.dialog.contact,), body)

    # --- the end --------------------------------------------------------------------------------------

    def _hang_up(self) -> None:
        """Send a BYE; before the ACK it has to wait (RFC 3261, 15)."""
        if self._state is State.ANSWERED:
            self._hang_up_after_ack = True
        elif self._state is State.CONFIRMED:
            self._say_bye("far_end")

    def _say_bye(self, ended_by: str) -> None:
        self._end(200, ended_by)
        self.dialog.say_bye()

    def _refuse(self, code: int, ended_by: str = "far_end") -> None:
        if self._state is not State.PROCEEDING:
            return
        headers: tuple[str, ...] = ()
        if code in (401, 407):
            headers = (self._house.challenger.challenge(code),)
        elif code == 420:
            headers = ("Unsupported: 100rel",)
        self._end(code, ended_by)
        self.dialog.respond(code, headers)
        self.dialog.insist_on_refusal()

    def _end(self, code: int, ended_by: str) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self.dialog.settled()
        self._state = State.ENDED
        self._record.code, self._record.ended_by, self._record.ended_at = code, ended_by, time.time()
        if self._leg:
            self._record.take_audio(self._leg)
            self._house.rtp.close(self._leg)
            self._leg = None
        self._house.report.end(self._record)
        asyncio.get_running_loop().call_later(dialogs.LIFE_S, self._house.forget, self)

    def close(self) -> None:
        """The carrier stops."""
        if self._state is not State.ENDED:
            self._end(self._record.code, "stop")
        self.dialog.settled()

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, what))
