"""Every way a call may end is reported as what it was."""

from __future__ import annotations

import asyncio

import pytest

from compliance.callers.answers import is_blocked
from dialer.bus import schemas

from .bench import Bench
from .far_end import FarCall, tone

pytestmark = pytest.mark.media
REDRESS = 'Q.850;cause=21;text="v=analytics1;url=https://carrier.example/redress";location=LN'
"""The Reason header of a 603+ (ATIS-1000099): who blocked, and where to complain."""


async def test_final_failures_keep_code_text_and_reason_header(bench: Bench, far_end) -> None:
    answers = {
        "busy": (486, "Busy Here", "Reason: Q.850;cause=17"),
        "nobody": (404, "Not Found", ""),
        "away": (480, "Temporarily Unavailable", ""),
        "full": (503, "Service Unavailable", ""),
        "no": (603, "Decline", ""),
        "blocked": (608, "Rejected", 'Reason: SIP;cause=608;text="call blocked"'),
        "unwanted": (607, "Unwanted", ""),
        "analytics": (603, "Network Blocked", f"Reason: {REDRESS}"),
        "moved": (302, "Moved Temporarily", "Contact: <sip:+19005550100@evil.example>"),
    }
    blocked = {"Rejected", "Unwanted", "Network Blocked"}
    numbers = {f"+1202555010{n}": answer for n, answer in enumerate(answers.values())}

    async def script(call: FarCall) -> None:
        call.trying()
        code, text, extra = numbers[call.number]
        call.reject(code, text, *([extra] if extra else []))

    far = await far_end(script)
    await bench.trunk(far.port)
    calls = {number: await bench.originate(number=number) for number in numbers}
    for number, call in calls.items():
        ended = await bench.event(schemas.CallEnded, call)
        code, text, extra = numbers[number]
        assert (ended.code, ended.ended_by, ended.answered) == (code, "far", False)
        assert ended.reason.startswith(text)
        if extra.startswith("Reason"):
            assert extra.partition(": ")[2] in ended.reason
        assert is_blocked(ended.code, ended.reason) is (text in blocked)
        assert bench.kinds(call) == ["CallTrying", "CallEnded"]
    assert len(far.calls) == len(numbers), "a redirection was followed"


async def test_ringing_and_answer_are_told_once_and_in_order(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        call.trying()
        for _ in range(3):
            call.ringing()
        await call.answer()
        await call.acked.wait()
        call.bye("Reason: Q.850;cause=16")

    far = await far_end(script)
    await bench.trunk(far.port)
    call = await bench.originate()
    ended = await bench.event(schemas.CallEnded, call)
    assert bench.kinds(call) == ["CallTrying", "CallRinging", "CallAnswered", "CallEnded"]
    assert (ended.code, ended.ended_by, ended.answered) == (200, "far", True)
    assert "cause=16" in ended.reason
    assert ended.quality.codec == "PCMU"
    assert not bench.find(schemas.CallAnswered, call).crossed_cancel


async def test_early_media_is_told_and_is_no_answer(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        call.ringing()
        await call.progress()
        await asyncio.sleep(0.1)
        call.reject(480, "Not available")

    far = await far_end(script)
    await bench.trunk(far.port)
    call = await bench.originate()
    ended = await bench.event(schemas.CallEnded, call)
    assert [e.early_media for e in bench.of(call) if isinstance(e, schemas.CallRinging)] == [False, True]
    assert (ended.code, ended.answered) == (480, False)


@pytest.mark.parametrize(
    "media", ["m=audio 0 RTP/AVP 0\r\n", "m=audio 4000 RTP/AVP 99\r\na=rtpmap:99 nonsense/8000\r\n"]
)
async def test_an_answer_without_usable_audio_is_an_answer_that_ended(
    bench: Bench, far_end, media: str
) -> None:
    far = await far_end(lambda call: call.answer(media))
    await bench.trunk(far.port)
    call = await bench.originate(engine_silence=0.2)
    ended = await bench.event(schemas.CallEnded, call)
    assert "CallAnswered" in bench.kinds(call)
    assert ended.answered
    assert ended.ended_by == "node"


async def test_hanging_up_an_answered_call_sends_bye(bench: Bench, far_end) -> None:
    far = await far_end(lambda call: call.answer())
    await bench.trunk(far.port)
    call = await bench.originate()
    await bench.event(schemas.CallAnswered, call)
    await bench.send(schemas.Hangup(call=call))
    ended = await bench.event(schemas.CallEnded, call)
    assert (ended.code, ended.ended_by, ended.answered) == (200, "us", True)
    await asyncio.wait_for(far.call().ended.wait(), 2)


async def test_hanging_up_a_ringing_call_sends_cancel(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        call.ringing()

    far = await far_end(script)
    await bench.trunk(far.port)
    call = await bench.originate()
    await bench.event(schemas.CallRinging, call)
    await bench.send(schemas.Hangup(call=call))
    ended = await bench.event(schemas.CallEnded, call)
    assert (ended.code, ended.ended_by, ended.answered) == (487, "us", False)
    assert far.call().cancelled.is_set()


async def test_a_trunk_that_says_nothing_is_given_up_while_others_go_on(bench: Bench, far_end) -> None:
    """And a person who answers after that, behind a trunk that never said a word, hears the message."""

    async def late(call: FarCall) -> None:
        await asyncio.sleep(5.4)
        await call.answer()

    async def nothing(_call: FarCall) -> None:
        """A dead trunk."""

    far = {1: await far_end(FarCall.answer), 2: await far_end(nothing), 3: await far_end(late)}
    for trunk, end in far.items():
        await bench.trunk(end.port, id=trunk)
    prompt = await bench.prompt(tone(600, 1600))
    dead = [await bench.originate(trunk=2) for _ in range(5)]
    slow = await bench.originate(trunk=3, safe_harbour=prompt, engine_silence=0.1)
    for call in [*dead, slow]:
        ended = await bench.event(schemas.CallEnded, call)
        assert (ended.code, ended.ended_by, ended.answered) == (0, "timeout", False)
        assert bench.kinds(call)[:2] == ["CallTrying", "CallEnded"]
    assert sum(child.taken for child in bench.node._pool.children) >= 5, "the stack still holds these slots"
    for call in [await bench.originate(engine_silence=5) for _ in range(5)]:
        await bench.event(schemas.CallAnswered, call)
    await bench.until(lambda: bench.kinds(slow).count("CallEnded") == 2)
    assert bench.find(schemas.CallAnswered, slow).crossed_cancel
    assert bench.kinds(slow)[2:] == ["CallAnswered", "CallPrompt", "CallPrompt", "CallEnded"]
    assert bench.of(slow)[-1].answered


async def test_a_host_that_does_not_resolve_is_refused(bench: Bench) -> None:
    await bench.trunk(5060, host="no-such-host.invalid")
    call = await bench.originate()
    assert (await bench.event(schemas.OriginateRefused, call)).why == "no_trunk"


async def test_a_closed_tcp_port_ends_the_call(bench: Bench) -> None:
    await bench.trunk(1, transport="tcp")
    call = await bench.originate()
    ended = await bench.event(schemas.CallEnded, call)
    assert (ended.code, ended.answered) == (0, False)
    assert ended.ended_by in ("timeout", "node")


async def test_an_incoming_call_and_a_transfer_are_declined(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        await call.answer()
        await call.acked.wait()
        call.request("REFER", "Refer-To: <sip:+19005550100@127.0.0.1>")

    far = await far_end(script)
    await bench.trunk(far.port)
    call = await bench.originate(engine_silence=5)
    await bench.event(schemas.CallAnswered, call)
    await bench.until(lambda: any(r.startswith("SIP/2.0 603") for r in far.responses))
    uri = f"sip:x@127.0.0.1:{far.call().invite.source[1]}"
    far.send(
        f"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{far.port};branch=z9hG4bKin\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:evil@127.0.0.1>;tag=e\r\nTo: <{uri}>\r\nCall-ID: in1\r\nCSeq: 1 INVITE\r\n"
        f"Contact: <sip:evil@127.0.0.1:{far.port}>\r\nContent-Length: 0\r\n\r\n",
        far.call().invite.source,
    )
    await bench.until(lambda: any(r.startswith("SIP/2.0 480") for r in far.responses))
    assert len(far.calls) == 1


async def test_garbage_from_the_far_end_disturbs_nobody(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        call.ringing()
        source = call.invite.source
        via = call.invite.get("via")
        head = f"Via: {via}\r\nCall-ID: {call.invite.get('call-id')}\r\nCSeq: {call.invite.get('cseq')}\r\n"
        for text in (
            "\x00\xff" * 400,
            "SIP/2.0 200 OK\r\n\r\n",
            "SIP/2.0 999 \r\n" + head + "\r\n",
            "SIP/2.0 -1 x\r\n" + head + "\r\n",
            f"SIP/2.0 183 \u00e9\x01\r\n{head}From: <<>>\r\nTo: ;tag=\r\nContent-Length: 99999\r\n\r\nv=0",
            "INVITE sip:a SIP/2.0\r\n" + "X: y\r\n" * 3000,
            "A" * 60000,
        ):
            call.far._transport.sendto(text.encode("utf-8", "replace")[:60000], source)
        await asyncio.sleep(0.1)
        call.reject(486, "B\u00fcsy \x01" + "x" * 500)

    far = await far_end(script)
    await bench.trunk(far.port)
    pids = {child.process.pid for child in bench.node._pool.children}
    call = await bench.originate()
    ended = await bench.event(schemas.CallEnded, call)
    assert ended.code == 486
    assert ended.reason.isascii()
    assert ended.reason.isprintable()
    assert pids <= {child.process.pid for child in bench.node._pool.children}
