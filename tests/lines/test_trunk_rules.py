"""What a trunk asks for: authentication, registration, its own headers, its limits."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time

import pytest

from dialer.bus import schemas

from .bench import Bench
from .far_end import FarCall, Request

pytestmark = pytest.mark.media
CHALLENGE = 'WWW-Authenticate: Digest realm="carrier", nonce="n0nce", algorithm=MD5, qop="auth"'


def is_authentic(request: Request, user: str, password: str) -> bool:
    """Digest of RFC 2617 with qop=auth, computed again."""
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', request.get("authorization")))
    if fields.get("username") != user:
        return False

    def h(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    ha1 = h(user, fields["realm"], password)
    ha2 = h(request.method, fields["uri"])
    return fields["response"] == h(ha1, fields["nonce"], fields["nc"], fields["cnonce"], fields["qop"], ha2)


async def test_a_challenge_is_answered_with_the_trunks_password(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        if is_authentic(call.invite, "alice", "s3cret"):
            await call.answer()
        else:
            call.reject(401, "Unauthorized", CHALLENGE)

    far = await far_end(script)
    await bench.trunk(far.port, username="alice", password="s3cret")
    call = await bench.originate(engine_silence=5)
    await bench.event(schemas.CallAnswered, call)


async def test_a_wrong_password_ends_the_call_with_401(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        call.reject(401, "Unauthorized", CHALLENGE)

    far = await far_end(script)
    await bench.trunk(far.port, username="alice", password="wrong")
    ended = await bench.event(schemas.CallEnded, await bench.originate())
    assert (ended.code, ended.ended_by) == (401, "far")


async def test_the_invite_says_who_calls(bench: Bench, far_end) -> None:
    far = await far_end(lambda call: call.answer())
    await bench.trunk(far.port, number_prefix="77", plus=False, from_domain="us.example")
    identity = "eyJ0eXAi" + "x" * 1500 + ";info=<https://cert.example/a.pem>;alg=ES256;ppt=shaken"
    call = await bench.originate(display_name='Bo "x" Co', identity=identity, engine_silence=5)
    await bench.event(schemas.CallAnswered, call)
    invite = far.call().invite
    assert invite.uri.startswith("sip:7712025550100@127.0.0.1")
    assert invite.get("from").startswith('"Bo \\"x\\" Co" <sip:12025550199@us.example>')
    assert invite.get("p-asserted-identity") == "<sip:12025550199@us.example>"
    assert invite.get("identity") == identity
    assert invite.get("x-paceline-call") == call
    assert invite.get("route") == ""
    offered = set(re.findall(r"a=rtpmap:\d+ (\S+)", invite.body))
    assert offered == {"PCMU/8000", "PCMA/8000", "telephone-event/8000"}


async def test_srtp_is_offered_where_the_trunk_requires_it(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        call.reject(488, "Not Acceptable Here")

    far = await far_end(script)
    await bench.trunk(far.port, srtp="required")
    await bench.event(schemas.CallEnded, await bench.originate())
    assert "RTP/SAVP" in far.call().invite.body
    assert "a=crypto:" in far.call().invite.body


async def test_one_child_registers_where_the_trunk_wants_it(bench: Bench, far_end) -> None:
    far = await far_end(lambda call: call.answer())
    await bench.trunk(far.port, register=True, username="alice", password="s3cret")
    for _ in range(3):
        call = await bench.originate(engine_silence=5)
        await bench.event(schemas.CallAnswered, call)

    def registers() -> set[str]:
        return {r.get("call-id") for r in far.requests if r.method == "REGISTER"}

    await bench.until(registers)
    assert len(registers()) == 1


async def test_a_trunk_never_carries_more_calls_than_it_may(bench: Bench, far_end) -> None:
    far = await far_end(lambda call: call.answer())
    await bench.trunk(far.port, channel_limit=2)
    calls = [await bench.originate(engine_silence=9) for _ in range(4)]
    refused = []
    await bench.until(lambda: sum("CallAnswered" in bench.kinds(call) for call in calls) == 2)
    await bench.until(lambda: sum("OriginateRefused" in bench.kinds(call) for call in calls) == 2)
    refused = [e.why for call in calls for e in bench.of(call) if isinstance(e, schemas.OriginateRefused)]
    assert refused == ["no_capacity"] * 2
    first = next(call for call in calls if "CallAnswered" in bench.kinds(call))
    await bench.send(schemas.Hangup(call=first))
    await bench.event(schemas.CallEnded, first)
    await bench.event(schemas.CallAnswered, await bench.originate(engine_silence=9))


async def test_a_trunk_is_never_called_faster_than_it_may(bench: Bench, far_end) -> None:
    arrivals: list[float] = []

    async def script(call: FarCall) -> None:
        arrivals.append(time.monotonic())
        call.reject(486, "Busy Here")

    far = await far_end(script)
    await bench.trunk(far.port, cps_limit=4)
    calls = [await bench.originate() for _ in range(12)]
    await bench.until(
        lambda: all({"CallEnded", "OriginateRefused"} & set(bench.kinds(call)) for call in calls)
    )
    assert 4 <= len(arrivals) <= 9
    assert max(sum(t <= other < t + 0.95 for other in arrivals) for t in arrivals) <= 4


async def test_a_waiting_call_can_be_hung_up_before_it_is_placed(bench: Bench, far_end) -> None:
    far = await far_end(lambda call: call.answer())
    await bench.trunk(far.port, cps_limit=1)
    await bench.event(schemas.CallAnswered, await bench.originate(engine_silence=9))
    call = await bench.originate()
    await bench.send(schemas.Hangup(call=call))
    ended = await bench.event(schemas.CallEnded, call)
    assert (ended.code, ended.ended_by) == (0, "us")
    await asyncio.sleep(1.1)
    assert bench.kinds(call) == ["CallEnded"]
    assert len(far.calls) == 1
