"""A true CANCEL.

``Call.hangup()`` of a ringing call makes PJSUA report 487 at once and hide what follows: if the person answers
at that very moment, it acknowledges and hangs up without a word. Below PJSUA, PJSIP's invite session does it as
RFC 3261 (9.1) means it: the CANCEL leaves, and whichever final answer comes is delivered. These functions are
not wrapped by pjsua2, but its shared library exports them.

All of this must run on a thread that PJSIP knows, and ``Withdrawal`` holds its own reference on the session.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from pjsua2 import _pjsua2

_library = ctypes.CDLL(_pjsua2.__file__)
_POINTER = ctypes.c_void_p
REQUEST_TERMINATED = 487


def _function(name: str, result: object, *arguments: object) -> ctypes._NamedFuncPointer:
    function = getattr(_library, name)
    function.restype = result
    function.argtypes = list(arguments)
    return function


_dialog_of = _function("pjsip_tsx_get_dlg", _POINTER, _POINTER)
_session_of = _function("pjsip_dlg_get_inv_session", _POINTER, _POINTER)
_lock = _function("pjsip_dlg_inc_lock", None, _POINTER)
_unlock = _function("pjsip_dlg_dec_lock", None, _POINTER)
_hold = _function("pjsip_inv_add_ref", ctypes.c_int, _POINTER)
_release = _function("pjsip_inv_dec_ref", ctypes.c_int, _POINTER)
_end_session = _function(
    "pjsip_inv_end_session", ctypes.c_int, _POINTER, ctypes.c_int, _POINTER, ctypes.POINTER(_POINTER)
)
_send = _function("pjsip_inv_send_msg", ctypes.c_int, _POINTER, _POINTER)
_set_log_level = _function("pj_log_set_level", None, ctypes.c_int)
_max_calls = _function("pjsua_call_get_max_count", ctypes.c_uint)
_hang_up = _function("pjsua_call_hangup", ctypes.c_int, ctypes.c_int, ctypes.c_uint, _POINTER, _POINTER)
_live_calls = _function("pjsua_call_get_count", ctypes.c_uint)


def max_calls() -> int:
    """The calls that this build of PJSUA carries at once."""
    return int(_max_calls())


def taken_slots() -> int:
    """The call slots that PJSUA holds now, ended calls that still wait for the network among them."""
    return int(_live_calls())


def refuse_incoming(call_id: int, code: int) -> None:
    """Answer a call that somebody placed to us, without an object that would have to outlive it."""
    _hang_up(call_id, code, None, None)


def silence_log() -> None:
    """Keep PJSIP's own log, which would show numbers, off standard output from the first line on."""
    _set_log_level(0)


def keep_udp() -> None:
    """Send an INVITE of more than 1,300 bytes by UDP where the trunk says UDP.

    PJSIP follows RFC 3261 (18.1.1) and tries TCP first, which carriers rarely offer. The switch is the fifth flag
    of ``pjsip_cfg_t.endpt``: ``disable_tcp_switch``."""
    flags = (ctypes.c_int * 5).in_dll(_library, "pjsip_sip_cfg_var")
    flags[4] = 1


class Withdrawal:
    """The invite session of one outgoing call, for as long as it may have to be cancelled."""

    def __init__(self, transaction: int) -> None:
        """``transaction``: address of the INVITE's pjsip_transaction, in a callback (its dialog is locked)."""
        self._dialog = _dialog_of(transaction)
        self._session = _session_of(self._dialog) if self._dialog else None
        if self._session:
            _hold(self._session)

    def cancel(self, may_cancel: Callable[[], bool]) -> bool:
        """Withdraw the INVITE: at once, or as soon as the first provisional response allows it.

        ``may_cancel`` is called with the dialog locked; where it says no (an answer was faster), nothing is sent.
        """
        if not self._session:
            return False
        _lock(self._dialog)
        try:
            return may_cancel() and self._end()
        finally:
            _unlock(self._dialog)

    def _end(self) -> bool:
        message = _POINTER()
        if _end_session(self._session, REQUEST_TERMINATED, None, ctypes.byref(message)) != 0:
            return False
        return not message or _send(self._session, message) == 0

    def release(self) -> None:
        """Let go of the session; nothing may be cancelled afterwards."""
        session, self._session = self._session, None
        if session:
            _release(session)
