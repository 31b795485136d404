"""Each row of the number plan, dialed."""

from __future__ import annotations

import pytest

from dialer.practice import sdp
from dialer.practice.carrier import Carrier

from .conftest import StartCarrier
from .uac import Uac

pytestmark = pytest.mark.media

ANSWERED = {
    0: "human_2s", 14: "human_5s", 28: "human_9s", 36: "human_14s", 40: "late_hello", 43: "talks_over",
    44: "hangs_up_3s", 45: "rtp_stops", 46: "dtmf", 48: "ring_limit", 49: "hangs_up_at_once",
    50: "machine", 66: "machine_long",
}  # fmt: skip
REFUSED = {70: 486, 87: 404, 89: 603, 90: 607, 91: 608, 92: 503, 93: 480, 94: 401, 95: 407, 96: 488}


def number(ending: int) -> str:
    return f"+121255501{ending:02}"


@pytest.mark.parametrize(("ending", "name"), ANSWERED.items())
async def test_it_rings_answers_talks_and_hangs_up(
    carrier: Carrier, uac: Uac, ending: int, name: str
) -> None:
    call = uac.call(number(ending))
    answer = await call.answered()
    description = sdp.parse(answer.body)
    assert description is not None
    assert description.usable
    await call.far_hangs_up()
    assert call.answers[0] == 100
    assert set(call.answers) <= {100, 180, 200}
    assert carrier.report.behaviours == {name: 1}
    assert carrier.report.counts["ended_by_far_end"] == 1


@pytest.mark.parametrize(("ending", "code"), REFUSED.items())
async def test_it_refuses(carrier: Carrier, uac: Uac, ending: int, code: int) -> None:
    call = uac.call(number(ending))
    assert (await call.final()).status == code
    assert carrier.report.codes == {str(code): 1}
    assert carrier.report.live == 0


async def test_a_declined_call_has_rung(uac: Uac) -> None:
    call = uac.call(number(89))
    await call.until(180, 603)
    assert call.answers == [100, 603] or 180 in call.answers


async def test_early_media_comes_with_a_description_before_the_answer(
    uac: Uac, start_carrier: StartCarrier
) -> None:
    call = uac.call(number(47))
    progress = await call.until(183, 200)
    description = sdp.parse(progress.body)
    assert description is not None
    answer = await call.answered() if progress.status == 183 else progress
    assert sdp.parse(answer.body) == description


@pytest.mark.parametrize(("ending", "status"), [(78, 180), (86, 183), (99, 180)])
async def test_nobody_answers_until_the_cancel(carrier: Carrier, uac: Uac, ending: int, status: int) -> None:
    call = uac.call(number(ending))
    await call.until(status)
    call.cancel('SIP;cause=487;text="ring limit"')
    assert (await call.final()).status == 487
    assert carrier.report.counts["ended_by_caller"] == 1


async def test_an_unknown_codec_is_all_that_is_offered(carrier: Carrier, uac: Uac) -> None:
    call = uac.call(number(97))
    answer = await call.answered()
    description = sdp.parse(answer.body)
    assert description is not None
    assert description.payloads == (96,)
    assert "PRACTICE" in answer.body
    call.request("BYE")
    await call.until(200)


async def test_silence_is_no_answer_at_all(carrier: Carrier, uac: Uac) -> None:
    silent, heard = uac.call(number(98)), uac.call(number(70))
    silent.invite()
    silent.cancel()
    await heard.final()
    assert silent.inbox.empty()


async def test_the_answer_crosses_the_cancel_at_the_ring_limit(carrier: Carrier, uac: Uac) -> None:
    call = uac.call(number(48))
    await call.until(180)
    call.cancel()
    first, second = await call.next(), await call.next()
    assert [(m.status, m.cseq[1]) for m in (first, second)] == [(200, "INVITE"), (200, "CANCEL")]
    call.ack()
    call.request("BYE")
    await call.until(200)
    assert carrier.report.counts["crossed_cancel"] == 1
