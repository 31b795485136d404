"""A signed call leaves with its signatures, its asserted caller and its date, whatever its size."""

from __future__ import annotations

import asyncio
import time
from email.utils import parsedate_to_datetime

import pytest

from dialer.bus import schemas

from .bench import Bench
from .far_end import FarCall

pytestmark = pytest.mark.media
SHAKEN = (
    f"{'h' * 150}.{'p' * 200}.{'s' * 86};info=<https://certs.example.com/shaken.pem>;alg=ES256;ppt=shaken"
)
DIV = f"{'h' * 150}.{'p' * 160}.{'s' * 86};info=<https://certs.example.com/shaken.pem>;alg=ES256;ppt=div"


async def answer(call: FarCall) -> None:
    await call.answer()


@pytest.mark.parametrize("stream", [{}, {"tls": None}], ids=["udp", "tcp"])
async def test_a_signed_invite_arrives_whole(bench: Bench, far_end, stream) -> None:
    far = await far_end(answer, **stream)
    await bench.trunk(far.port, transport="tcp" if stream else "udp")
    began = int(time.time())
    call = await bench.originate(identity=SHAKEN, beside=(DIV,), engine_silence=9)
    await bench.event(schemas.CallAnswered, call)
    invite = far.call().invite
    assert len(invite.text) > 1300
    assert invite.all("Identity") == [SHAKEN, DIV]
    assert invite.all("P-Asserted-Identity") == ["<sip:+12025550199@127.0.0.1>"]
    assert began <= parsedate_to_datetime(invite.get("Date")).timestamp() <= time.time()
    assert len(invite.all("Date")) == 1
    await bench.send(schemas.Hangup(call=call))
    await asyncio.wait_for(far.call().ended.wait(), 3)


async def test_the_date_is_not_before_the_signature(bench: Bench, far_end) -> None:
    far = await far_end(answer)
    await bench.trunk(far.port)
    signed_at = time.time() + 1.5
    call = await bench.originate(identity=SHAKEN, granted_at=signed_at, engine_silence=9)
    await bench.event(schemas.CallAnswered, call)
    assert parsedate_to_datetime(far.call().invite.get("Date")).timestamp() == int(signed_at)


async def test_a_call_that_nobody_signed_needs_no_date(bench: Bench, far_end) -> None:
    far = await far_end(answer)
    await bench.trunk(far.port)
    call = await bench.originate(engine_silence=9)
    await bench.event(schemas.CallAnswered, call)
    assert not far.call().invite.all("Date")
    assert not far.call().invite.all("Identity")
