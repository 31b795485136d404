"""A pjsua2 call that turns callbacks on PJSIP's thread into plain facts on the asyncio thread."""

from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import Callable
from typing import Any, Protocol

import pjsua2 as pj

from dialer.bus.schemas import Quality

from .cancel import Withdrawal
from .log import log

REASON = re.compile(r"^Reason[ \t]*:[ \t]*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
TEXT_LIMIT = 160
DECLINE = 603
RINGING_STATES = (pj.PJSIP_INV_STATE_CALLING, pj.PJSIP_INV_STATE_EARLY)
FLOWING = (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)
ANSWERED_STATES = (pj.PJSIP_INV_STATE_CONNECTING, pj.PJSIP_INV_STATE_CONFIRMED)


class Listener(Protocol):
    """Who wants to know. Every method is called on the asyncio thread."""

    def heard_response(self, code: int, early_media: bool) -> None:
        """A response to the INVITE that is not the answer."""

    def heard_answer(self) -> None:
        """A 2xx to the INVITE; said more than once."""

    def heard_media(self) -> None:
        """The media changed: connect it (again)."""

    def heard_digit(self, digit: str) -> None:
        """A DTMF digit."""

    def heard_end(self, code: int, reason: str, from_far: bool, quality: Quality | None) -> None:
        """The stack is through with the call. ``from_far``: by a message, not by a timer or an error."""


def clean(text: str) -> str:
    """Text from the far end as it may be stored: printable ASCII, not too long."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)[:TEXT_LIMIT]


def _guarded(method: Callable[..., None]) -> Callable[..., None]:
    """pjsua2 swallows exceptions of callbacks: log them."""

    @functools.wraps(method)
    def guarded(self: SipCall, prm: Any) -> None:
        try:
            method(self, prm)
        except Exception:
            log.exception("sip_callback_failed")

    return guarded


class SipCall(pj.Call):
    """Used for one call after another, and never destroyed while the stack runs.

    pjsua2's destructor silences and hangs up whichever call has the object's slot by then: not its own, when that
    ended and the slot was taken again. For the same reason nothing may be asked of a call that ``is_over``."""

    def __init__(self, account: pj.Account, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(account)
        self._post = loop.call_soon_threadsafe
        self._listener: Listener | None = None
        self.is_over = True
        self.withdrawal: Withdrawal | None = None
        self._quality: Quality | None = None

    def begin(self, listener: Listener) -> None:
        """Make ready for a new call, of which this listener will hear."""
        self._listener = listener
        self.is_over = False
        self._quality = None

    def finish(self) -> None:
        """The listener has heard the end, or the call was never placed."""
        self._listener = None
        self.is_over = True
        if self.withdrawal is not None:
            self.withdrawal.release()
            self.withdrawal = None

    def _tell(self, fact: str, *values: Any) -> None:
        if self._listener is not None:
            self._post(getattr(self._listener, fact), *values)

    @_guarded
    def onCallTsxState(self, prm: Any) -> None:
        """A transaction of the call moved on: catch the invite session, and each response."""
        event = prm.e.body.tsxState
        transaction = event.tsx
        if transaction.method != "INVITE" or transaction.role != pj.PJSIP_ROLE_UAC:
            return
        if self.withdrawal is None:
            self.withdrawal = Withdrawal(int(transaction.pjTransaction))
        code = transaction.statusCode
        if event.type == pj.PJSIP_EVENT_RX_MSG and not 200 <= code < 300:
            early_media = "application/sdp" in event.src.rdata.wholeMsg.lower()
            self._tell("heard_response", code, early_media)

    @_guarded
    def onCallState(self, prm: Any) -> None:
        """The invite session's state changed."""
        info = self.getInfo()
        if info.state in ANSWERED_STATES:
            self._tell("heard_answer")
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.is_over = True  # before PJSUA gives the slot away
            ending = _ending(prm.e)
            code, text, message = ending or (info.lastStatusCode, info.lastReason, "")
            reason = _with_reason_header(text, message)
            self._tell("heard_end", code, reason, ending is not None, self._quality)

    @_guarded
    def onCallMediaState(self, _prm: Any) -> None:
        """Media became active, went on hold or came back."""
        self._tell("heard_media")

    @_guarded
    def onStreamDestroyed(self, _prm: Any) -> None:
        """The last moment at which the audio's figures can be read."""
        self._quality = self.quality() or self._quality

    @_guarded
    def onDtmfDigit(self, prm: Any) -> None:
        """A digit by RFC 4733 or INFO."""
        self._tell("heard_digit", clean(prm.digit))

    @_guarded
    def onCallTransferRequest(self, prm: Any) -> None:
        """REFER would make us dial without a Permit: declined."""
        prm.statusCode = DECLINE

    @_guarded
    def onCallReplaceRequest(self, prm: Any) -> None:
        """An INVITE with Replaces would put somebody else in the lead's place: declined."""
        prm.statusCode = DECLINE

    def onCallRedirected(self, _prm: Any) -> int:
        """A 3xx would make us dial a number that no Permit names: it ends the call."""
        return int(pj.PJSIP_REDIRECT_STOP)

    def may_be_cancelled(self) -> bool:
        """Whether the INVITE is still unanswered."""
        try:
            return not self.is_over and self.getInfo().state in RINGING_STATES
        except pj.Error:
            return False

    def active_media(self) -> pj.AudioMedia | None:
        """The call's audio, None while there is none. A line that the far end holds goes on being fed."""
        try:
            info = self.getInfo()  # held: what pjsua2 hands out of it is not copied
            flowing = [m.index for m in info.media if m.type == pj.PJMEDIA_TYPE_AUDIO and m.status in FLOWING]
            return self.getAudioMedia(flowing[0]) if flowing and not self.is_over else None
        except pj.Error:
            return None  # it ended this very moment

    def quality(self) -> Quality | None:
        """RTP and RTCP figures so far, None when there was no audio."""
        try:
            whole = self.getStreamStat(0)  # held: what pjsua2 hands out of it is not copied
            codec = self.getStreamInfo(0).codecName
        except pj.Error:
            return None
        figures = whole.rtcp
        return Quality(
            codec=clean(codec),
            rx_packets=figures.rxStat.pkt,
            rx_lost=figures.rxStat.loss,
            rx_jitter_ms=figures.rxStat.jitterUsec.mean / 1000,
            tx_packets=figures.txStat.pkt,
            tx_lost=figures.txStat.loss,
            tx_jitter_ms=figures.txStat.jitterUsec.mean / 1000,
            rtt_ms=figures.rttUsec.mean / 1000,
        )


def _ending(event: Any) -> tuple[int, str, str] | None:
    """Code, text and message of the final failure or the BYE by which the far end ended the call.

    None when a timer, an error or we ended it. The code is the transaction's: PJSUA calls a refused 3xx a 487."""
    if event.type != pj.PJSIP_EVENT_TSX_STATE or event.body.tsxState.type != pj.PJSIP_EVENT_RX_MSG:
        return None
    transaction = event.body.tsxState.tsx
    message = str(event.body.tsxState.src.rdata.wholeMsg)
    if transaction.method == "BYE" and transaction.role == pj.PJSIP_ROLE_UAS:
        return 200, "", message
    if transaction.method == "INVITE" and transaction.statusCode >= 300:
        return transaction.statusCode, transaction.statusText, message
    return None


def _with_reason_header(text: str, message: str) -> str:
    """The reason phrase, and the Reason header (RFC 3326) where the far end sent one."""
    header = REASON.search(message.partition("\r\n\r\n")[0])
    return clean(f"{text} [{header[1].strip()}]".strip() if header else text)
