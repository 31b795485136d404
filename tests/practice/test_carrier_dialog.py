"""What RFC 3261 asks of a far end, whatever the plan says."""

from __future__ import annotations

import asyncio
import json

import pytest

from dialer.practice import dialog, sdp, sip
from dialer.practice.carrier import Carrier
from dialer.practice.plan import Practice

from .conftest import StartCarrier
from .uac import Uac, offer

pytestmark = pytest.mark.media
TALKS_ON = Practice(delay_scale=0.02, talk_scale=100)


@pytest.fixture
async def talker(start_carrier: StartCarrier) -> Uac:
    """A caller of people who do not hang up."""
    caller = await Uac((await start_carrier(TALKS_ON)).port).open()
    yield caller
    caller.transport.close()


async def test_a_200_is_repeated_until_it_is_acknowledged(
    talker: Uac, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialog, "T1_S", 0.02)
    call = talker.call("+12125550103")
    answers = [await call.until(200) for _ in range(3)]
    assert len({answer.first("to") for answer in answers}) == 1
    call.ack()
    await asyncio.sleep(0)
    call.request("OPTIONS")
    await call.until(200)


async def test_a_200_that_nobody_acknowledges_ends_in_a_bye(
    talker: Uac, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialog, "T1_S", 0.02)
    monkeypatch.setattr(dialog, "LIFE_S", 0.1)
    call = talker.call("+12125550103")
    await call.until("BYE")


async def test_a_failure_is_repeated_until_it_is_acknowledged(
    uac: Uac, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialog, "T1_S", 0.02)
    call = uac.call("+12125550170")
    for _ in range(3):
        await call.until(486)
    call.ack_failure()


async def test_a_repeated_invite_is_one_call(carrier: Carrier, uac: Uac) -> None:
    call = uac.call("+12125550178")
    call.invite()
    call.invite()
    await call.until(180)
    call.invite()
    assert (await call.next()).status == 180
    assert carrier.report.counts["invites"] == 1


async def test_a_cancel_after_the_answer_changes_nothing(talker: Uac) -> None:
    call = talker.call("+12125550103")
    await call.answered()
    call.cancel()
    cancelled = await call.until(200)
    assert cancelled.cseq[1] == "CANCEL"
    call.request("BYE")
    assert (await call.until(200)).cseq[1] == "BYE"


async def test_the_caller_hangs_up_with_a_reason(talker: Uac, start_carrier: StartCarrier) -> None:
    call = talker.call("+12125550103")
    await call.answered()
    call.headers = ('Reason: Q.850;cause=16;text="done"',)
    call.request("BYE")
    await call.until(200)
    call.request("BYE")
    await call.until(200)


async def test_the_report_names_who_called_what_and_how_it_ended(
    start_carrier: StartCarrier, tmp_path: object
) -> None:
    carrier = await start_carrier(TALKS_ON)
    caller = await Uac(carrier.port).open()
    asserted = ("P-Asserted-Identity: <sip:+18005550111@trunk>", "Identity: abc;info=<x>;alg=ES256")
    call = caller.call("+12125550103", headers=asserted)
    await call.answered()
    call.headers = ("Reason: Q.850;cause=16",)
    call.request("BYE")
    await call.until(200)
    await carrier.stop()
    caller.transport.close()
    written = json.loads((tmp_path / "carrier.json").read_text())
    assert written["running"] is False
    assert (tmp_path / "carrier.json").stat().st_mode & 0o777 == 0o600
    (entry,) = written["calls"]
    assert entry["number"] == "+12125550103"
    assert entry["caller"] == "+18005550100"
    assert entry["asserted"] == ["+18005550111"]
    assert entry["identity"] is True
    assert entry["call_id"] == call.id
    assert (entry["code"], entry["ended_by"], entry["reason"]) == (200, "caller", "Q.850;cause=16")
    assert (
        0
        < entry["invited_at"]
        <= entry["rang_at"]
        <= entry["answered_at"]
        <= entry["acked_at"]
        <= entry["ended_at"]
    )
    assert written["totals"]["ended_by_caller"] == 1
    assert written["totals"]["live"] == 0


@pytest.mark.parametrize(("ending", "code", "asks", "answers"), [
    (94, 401, "www-authenticate", "Authorization"), (95, 407, "proxy-authenticate", "Proxy-Authorization"),
])  # fmt: skip
@pytest.mark.parametrize(("password", "expected"), [("practice", 200), ("wrong", 403)])
async def test_credentials_open_the_door(
    uac: Uac, ending: int, code: int, asks: str, answers: str, password: str, expected: int
) -> None:
    call = uac.call(f"+121255501{ending}")
    refused = await call.final()
    assert refused.status == code
    nonce = refused.first(asks).partition('nonce="')[2].partition('"')[0]
    again = uac.call(
        f"+121255501{ending}", headers=(f"{answers}: {digest_of('practice', password, nonce, 'sip:x@y')}",)
    )
    assert (await again.until(200, 403)).status == expected


def digest_of(username: str, password: str, nonce: str, uri: str) -> str:
    """RFC 2617, 3.2.2, worked out by hand."""
    import hashlib

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    secret, action = md5(f"{username}:practice:{password}"), md5(f"INVITE:{uri}")
    response = md5(f"{secret}:{nonce}:00000001:c0ffee:auth:{action}")
    return (
        f'Digest username="{username}", realm="practice", nonce="{nonce}", uri="{uri}", qop=auth, nc=00000001, '
        f'cnonce="c0ffee", response="{response}", algorithm=MD5'
    )


async def test_hold_is_answered_with_the_mirrored_direction(talker: Uac) -> None:
    call = talker.call("+12125550103")
    await call.answered()
    call.request("INVITE", body=offer(9, extra="a=sendonly\r\n"))
    answer = await call.until(200)
    assert answer.cseq[1] == "INVITE"
    description = sdp.parse(answer.body)
    assert description is not None
    assert description.direction == "recvonly"


async def test_a_late_offer_is_made_in_the_200(talker: Uac) -> None:
    call = talker.call("+12125550103", body="")
    answer = await call.until(200)
    description = sdp.parse(answer.body)
    assert description is not None
    assert description.usable
    call.ack(body=offer(9))
    call.request("INFO")
    await call.until(200)


@pytest.mark.parametrize("body", [
    offer(9, payloads="18"), offer(0), offer(9).replace("RTP/AVP", "RTP/SAVP"), "v=0\r\nnonsense\r\n",
])  # fmt: skip
async def test_an_offer_that_cannot_be_used_gets_488(uac: Uac, body: str) -> None:
    assert (await uac.call("+12125550103", body=body).final()).status == 488


async def test_reliable_provisional_responses_are_not_spoken(uac: Uac) -> None:
    answer = await uac.call("+12125550103", headers=("Require: 100rel",)).final()
    assert answer.status == 420
    assert answer.first("unsupported") == "100rel"


async def test_options_outside_a_call_are_answered(uac: Uac) -> None:
    call = uac.call("+12125550178")
    del uac.calls[call.id]
    uac.send(call.message("OPTIONS"))
    answers = [sip.parse(await asyncio.wait_for(uac.others.get(), 5)) for _ in range(3)]
    options = next(answer for answer in answers if answer.cseq[1] == "OPTIONS")
    assert options.status == 200
    assert "INVITE" in options.first("allow")


@pytest.mark.parametrize(
    ("method", "status"), [("BYE", 481), ("CANCEL", 481), ("UPDATE", 481), ("REGISTER", 405)]
)
async def test_requests_without_a_call_are_refused(
    carrier: Carrier, uac: Uac, method: str, status: int
) -> None:
    known = uac.call("+12125550170")
    await known.final()
    stray = uac.call("+12125550170")
    await stray.final()
    stray.id, stray.branch = "nobody@test", "z9hG4bK-nobody"
    uac.calls["nobody@test"] = stray
    stray.request(method)
    assert (await stray.until(status)).status == status


async def test_what_is_no_sip_is_counted_and_ignored(carrier: Carrier, uac: Uac) -> None:
    for junk in (b"hello", b"\xff" * 900, b"INVITE sip:a@b SIP/2.0\r\n\r\n", b"SIP/2.0 abc\r\n\r\n"):
        uac.send(junk)
    uac.send(b"\r\n\r\n")
    assert (await uac.call("+12125550170").final()).status == 486
    assert carrier.report.counts["malformed"] == 4
    assert carrier.report.counts["invites"] == 1


async def test_more_calls_than_allowed_get_503(start_carrier: StartCarrier) -> None:
    carrier = await start_carrier(TALKS_ON, max_calls=2)
    caller = await Uac(carrier.port).open()
    for _ in range(2):
        await caller.call("+12125550103").answered()
    assert (await caller.call("+12125550103").final()).status == 503
    caller.transport.close()


async def test_a_call_runs_over_tcp_and_a_broken_stream_ends_the_connection(
    carrier: Carrier, uac: Uac
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", carrier.port)
    call = uac.call("+12125550198")
    call.number, call.id, call.branch = "+12125550170", "tcp@test", "z9hG4bK-tcp"
    invite = call.message("INVITE", body=call.body).replace(b"/UDP", b"/TCP")
    writer.write(b"\r\n\r\n" + invite[:100])
    await writer.drain()
    writer.write(invite[100:])
    statuses = [sip.parse(await reader.readuntil(b"\r\n\r\n")).status for _ in range(2)]
    assert statuses == [100, 486]
    writer.write(b"this is no SIP\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
    assert carrier.report.counts["malformed"] == 1


async def test_a_stopped_carrier_leaves_nothing_behind(start_carrier: StartCarrier) -> None:
    carrier = await start_carrier(TALKS_ON)
    caller = await Uac(carrier.port).open()
    before = len(asyncio.all_tasks())
    for ending in ("03", "80", "86"):
        call = caller.call(f"+121255501{ending}")
        await call.until(180, 183)
    await carrier.stop()
    assert carrier.report.live == 0
    assert len(asyncio.all_tasks()) < before
    caller.transport.close()
