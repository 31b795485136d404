"""A sender report is answered so that the caller can work out loss and delay."""

from __future__ import annotations

import struct

import pytest

from dialer.practice import rtcp
from dialer.practice.rtp import HEADER, RtpLoop

from .uac import Rtp, eventually

pytestmark = pytest.mark.media
SENDER_REPORT = struct.pack("!BBHIIIIII", 0x80, 200, 6, 77, 0x11112222, 0x33334444, 0, 0, 0)


async def test_the_answer_tells_loss_and_echoes_the_time_of_the_report(rtp: Rtp) -> None:
    loop = RtpLoop("127.0.0.1")
    leg = loop.open()
    for sequence in (65534, 65535, 0, 3):
        rtp.socket.sendto(HEADER.pack(0x80, 0, sequence, 0, 77) + b"\xff" * 160, ("127.0.0.1", leg.port))
    await eventually(lambda: leg.received == 4)
    answer = rtcp.answer(leg, SENDER_REPORT, now=1_700_000_000.5)
    assert len(answer) == (struct.unpack_from("!H", answer, 2)[0] + 1) * 4
    assert struct.unpack_from("!II", answer, 8) == (1_700_000_000 + rtcp.NTP_OFFSET_S, 1 << 31)
    about, lost, highest, _jitter, last_report, delay = struct.unpack_from("!IIIIII", answer, 28)
    assert about == 77
    assert lost == (2 * 256 // 6) << 24 | 2
    assert highest == 65536 + 3
    assert last_report == 0x22223333
    assert delay == 1
    assert struct.unpack_from("!I", rtcp.answer(leg, SENDER_REPORT, 0.0), 32)[0] == 2
    loop.stop()


async def test_a_report_about_no_call_or_two_calls_is_not_answered(rtp: Rtp) -> None:
    loop = RtpLoop("127.0.0.1")
    legs = [loop.open(), loop.open()]
    assert loop.by_remote_ssrc(77) is None
    for leg in legs:
        rtp.socket.sendto(HEADER.pack(0x80, 0, 1, 0, 77) + b"\xff" * 160, ("127.0.0.1", leg.port))
    await eventually(lambda: all(leg.received for leg in legs))
    assert loop.by_remote_ssrc(77) is None
    loop.close(legs[0])
    assert loop.by_remote_ssrc(77) is legs[1]
    loop.stop()
