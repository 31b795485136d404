"""RTCP (RFC 3550, 6.4): a sender report is answered by one of ours: the caller learns loss and delay."""

from __future__ import annotations

import asyncio
import struct
import time
from typing import cast

from .rtp import Leg, RtpLoop

SENDER_REPORT = 200
NTP_OFFSET_S = 2_208_988_800
"""From 1900, where NTP begins, to 1970."""
ANSWERED_AFTER = 1
"""The delay since the last report in 1/65,536 s: we answer at once, and PJSIP takes 0 for "never"."""
_REPORT = struct.Struct("!BBHIIIIII")
_BLOCK = struct.Struct("!IIIIII")
_SHORTEST_SENDER_REPORT = 28


def answer(leg: Leg, report: bytes, now: float) -> bytes:
    """A sender report with one block about the sender of ``report``. ``now`` is Unix time in seconds."""
    seconds = now + NTP_OFFSET_S
    middle = int.from_bytes(report[10:14], "big")
    length = (_REPORT.size + _BLOCK.size) // 4 - 1
    head = _REPORT.pack(
        0x81,
        SENDER_REPORT,
        length,
        leg.ssrc,
        int(seconds),
        int(seconds % 1 * 2**32),
        leg.timestamp,
        leg.sent,
        leg.sent * 160,
    )
    return head + _BLOCK.pack(
        leg.remote_ssrc, leg.lost_field(), leg.highest_extended, 0, middle, ANSWERED_AFTER
    )


class RtcpAnswers(asyncio.DatagramProtocol):
    """One socket for all calls (RFC 3605 names it); the SSRC says which call a report is about."""

    def __init__(self, rtp: RtpLoop) -> None:
        self._rtp = rtp
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) < _SHORTEST_SENDER_REPORT or data[0] >> 6 != 2 or data[1] != SENDER_REPORT:
            return
        leg = self._rtp.by_remote_ssrc(int.from_bytes(data[4:8], "big"))
        if leg and self._transport:
            self._transport.sendto(answer(leg, data, time.time()), addr)
