"""One call in a child: from the INVITE to its end, with the timers that hold when nobody says anything."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pjsua2 as pj

from dialer.bus import schemas
from dialer.bus.schemas import NO_AUDIO, Quality

from .line_audio import Desk, LineAudio
from .log import log
from .prompt_audio import PromptInvalid, frames
from .sip_headers import date_header
from .stack import LineAccount, NoRoom
from .wire import Place

NO_RESPONSE_S = 5.0
"""An INVITE that nobody has answered by anything at all by then went to a dead trunk."""
WITHDRAWN_S = 4.0
"""The far end's time to confirm a CANCEL before the call is reported as ended; the stack goes on waiting."""
PROMPT_TAIL_S = 0.2
"""What the far end's jitter buffer may still hold when the last frame has left."""
PROMPT_GRACE_S = 5.0
"""A prompt that does not end in its own length and this (a line on hold, say) is given up."""
TOO_MANY_CALLS = 70010
"""PJ_ETOOMANY."""


class LineCall:
    """Reports what happens as line events. Lives on the asyncio thread."""

    def __init__(self, order: Place, account: LineAccount, desk: Desk) -> None:
        self._order = order
        self._account = account
        self._desk = desk
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._sip = account.borrow_call()
        self._sip.begin(self)
        self._audio = LineAudio(desk, self._sip, self._bridged)
        self._ringing = self._early_media = self._answered = self._over = False
        self._ending = ""
        """Why we are ending the call: us, ring_limit, timeout, node."""

    # --- placing ----------------------------------------------------------------------------------

    def place(self) -> None:
        """Send the INVITE. Raises NoRoom without a free slot, pjsua2.Error when it cannot be sent."""
        try:
            self._sip.makeCall(self._order.to_uri, self._parameters())
        except pj.Error as error:
            self._account.return_call(self._sip)
            if error.status == TOO_MANY_CALLS:
                raise NoRoom(error.reason) from error
            raise
        self._emit(schemas.CallTrying)
        self._after("response", NO_RESPONSE_S, self._withdraw, "timeout")
        self._after("ring", self._order.ring_limit, self._withdraw, "ring_limit")

    def _parameters(self) -> pj.CallOpParam:
        parameters = pj.CallOpParam(True)
        parameters.opt.audioCount, parameters.opt.videoCount = 1, 0
        parameters.txOption.localUri = self._order.from_uri
        for name, value in self._headers():
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            parameters.txOption.headers.append(header)
        return parameters

    def _headers(self) -> list[tuple[str, str]]:
        signed_at = self._order.signed_at
        return [*self._order.headers, *([date_header(signed_at, time.time())] if signed_at else [])]

    # --- what the far end does (Listener) ---------------------------------------------------------

    def heard_response(self, code: int, early_media: bool) -> None:
        """100 shows that somebody is there; 180 to 189 is ringing, with early media where SDP came along."""
        self._cancel_timer("response")
        if not 180 <= code < 200 or self._answered:
            return
        if not self._ringing or (early_media and not self._early_media):
            self._ringing, self._early_media = True, early_media
            self._emit(schemas.CallRinging, early_media=early_media)

    def heard_answer(self) -> None:
        """Somebody answered. An answer that met our CANCEL counts all the same, and the call stays up."""
        if self._answered:
            return
        self._answered, crossed, self._over = True, bool(self._ending), False
        self._ending = ""
        self._clear_timers()
        self._emit(schemas.CallAnswered, crossed_cancel=crossed)
        if not self._audio.is_bridged:
            self._after("silence", self._order.engine_silence, self._play_safe_harbour)

    def heard_media(self) -> None:
        """Connect the audio, once there is somebody to hear it."""
        if self._answered or self._audio.is_bridged:
            self._audio.join()

    def heard_digit(self, digit: str) -> None:
        """The lead pressed a key."""
        self._emit(schemas.CallDigit, digit=digit)

    def heard_end(self, code: int, reason: str, from_far: bool, quality: Quality | None) -> None:
        """Nothing more will come: report, and give everything back."""
        self._clear_timers()
        if self._answered:
            if quality is None and not from_far and not self._ending:
                reason = NO_AUDIO
            self._report_end(200, reason, self._ending or ("far" if from_far else "node"), quality)
        elif from_far:
            self._report_end(code, reason, (code == 487 and self._ending) or "far")
        else:
            self._report_end(0, reason, self._ending or "timeout")
        self._release()
        self._desk.forget(self._order.call)

    # --- what the engine wants --------------------------------------------------------------------

    def hang_up(self, ended_by: str = "us") -> None:
        """End the call whatever its stage."""
        if not self._answered:
            self._withdraw(ended_by)
            return
        self._clear_timers()
        self._ending = ended_by
        try:
            if not self._sip.is_over:
                self._sip.hangup(pj.CallOpParam())
        except pj.Error as error:
            log.warning("hangup_failed: %s", error.reason)  # the far end was faster; the end is on its way

    def bridge(self, address: str, key: int) -> None:
        """Join the call with a media node, instead of any other that it was joined with."""
        self._cancel_timer("silence")
        self._cancel_timer("prompt")
        try:
            self._audio.bridge(address, key)
        except (OSError, ValueError):
            log.exception("audio_leg_failed")

    def unbridge(self) -> None:
        """Comfort noise from now on."""
        self._audio.drop_leg()

    def play(self, prompt: str, by_node: bool = False) -> None:
        """Play a prompt to its end, then hang up; a prompt that is not there ends the call at once."""
        self._cancel_timer("silence")
        try:
            pieces = frames(Path(self._desk.directory, prompt).read_bytes())
        except (OSError, PromptInvalid):
            log.exception("prompt_unusable")
            self.hang_up("node")
            return
        self._emit(schemas.CallPrompt, prompt=prompt, finished=False, by_node=by_node)
        self._audio.play(pieces, lambda: self._prompt_done(prompt, by_node))
        self._after("prompt", len(pieces) / 50 + PROMPT_GRACE_S, self.hang_up, "node" if by_node else "us")

    def send_digits(self, digits: str) -> None:
        """Keypad digits by RFC 4733."""
        if self._answered and not self._sip.is_over:
            self._sip.dialDtmf(digits)

    # --- inside -----------------------------------------------------------------------------------

    def _withdraw(self, why: str) -> None:
        """Cancel the INVITE. The call is over when the far end confirms, answers after all, or stays silent."""
        if self._ending or self._answered:
            return
        self._ending = why
        self._cancel_timer("ring")
        self._cancel_timer("response")
        withdrawal = self._sip.withdrawal
        if withdrawal is not None:
            withdrawal.cancel(self._sip.may_be_cancelled)
        self._after("withdrawn", 0 if why == "timeout" else WITHDRAWN_S, self._report_end, 0, "", why)

    def _play_safe_harbour(self) -> None:
        if self._order.safe_harbour:
            self.play(self._order.safe_harbour, by_node=True)
        else:
            self.hang_up("node")

    def _prompt_done(self, prompt: str, by_node: bool) -> None:
        if self._over or "prompt" not in self._timers:
            return
        self._emit(schemas.CallPrompt, prompt=prompt, finished=True, by_node=by_node)
        self._after("prompt", PROMPT_TAIL_S, self.hang_up, "node" if by_node else "us")

    def _bridged(self) -> None:
        self._emit(schemas.CallBridged)

    def _report_end(self, code: int, reason: str, ended_by: str, quality: Quality | None = None) -> None:
        """Once; again only for an answer that came after the call had been given up."""
        if self._over:
            return
        self._over = True
        self._emit(
            schemas.CallEnded,
            code=code,
            reason=reason,
            ended_by=ended_by,
            answered=self._answered,
            quality=quality,
        )

    def _release(self) -> None:
        self._audio.release()
        self._account.return_call(self._sip)

    def _emit(self, kind: type[schemas.LineEvent], **fields: Any) -> None:
        order = self._order
        self._desk.emit(
            kind(call=order.call, campaign=order.campaign, node=self._desk.node, at=time.time(), **fields)
        )

    def _after(self, name: str, delay_s: float, action: Callable[..., None], *arguments: Any) -> None:
        self._cancel_timer(name)
        self._timers[name] = self._desk.loop.call_later(delay_s, action, *arguments)

    def _cancel_timer(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def _clear_timers(self) -> None:
        for name in list(self._timers):
            self._cancel_timer(name)
