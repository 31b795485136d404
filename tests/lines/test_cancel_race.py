"""A person who answers as the ring limit strikes is connected, not lost: run against real children."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from dialer.bus import schemas

from .far_end import FarCall, FarEnd
from .pool import Pool

pytestmark = pytest.mark.media
RING_LIMIT_S = 0.15


@pytest_asyncio.fixture
async def one(tmp_path: Path) -> AsyncIterator[Pool]:
    made = Pool(tmp_path, RING_LIMIT_S)
    yield made
    await made.pool.stop()


async def ring(call: FarCall) -> None:
    call.trying()
    call.ringing()


async def test_the_ring_limit_sends_a_true_cancel(one: Pool) -> None:
    far = await FarEnd(ring).start()
    await one.place("c1", far.port)
    ended = await one.until("c1", schemas.CallEnded)
    assert (ended.code, ended.ended_by, ended.answered) == (487, "ring_limit", False)
    assert far.call().cancelled.is_set()
    await far.close()


async def test_a_far_end_that_ignores_the_cancel_does_not_hold_the_line_for_ever(one: Pool) -> None:
    far = await FarEnd(ring).start()
    far.confirm_cancel = False
    await one.place("c1", far.port)
    ended = await one.until("c1", schemas.CallEnded)
    assert (ended.code, ended.ended_by) == (0, "ring_limit")
    await far.close()


async def test_every_answer_that_crosses_the_cancel_is_delivered(one: Pool) -> None:
    """The far end answers at the very moment the CANCEL arrives, 100 times."""

    async def answer_on_cancel(call: FarCall) -> None:
        await ring(call)
        await call.cancelled.wait()
        await call.answer()

    far = await FarEnd(answer_on_cancel).start()
    far.confirm_cancel = False

    async def once(call: str) -> None:
        child = await one.place(call, far.port)
        answered = await one.until(call, schemas.CallAnswered)
        assert answered.crossed_cancel
        await asyncio.sleep(0.05)
        assert not any(isinstance(e, schemas.CallEnded) for e in one.events[call]), "the call did not stay up"
        child.send(schemas.Hangup(call=call))
        ended = await one.until(call, schemas.CallEnded)
        assert (ended.answered, ended.ended_by) == (True, "us")

    await asyncio.gather(*(once(f"c{n}") for n in range(100)))
    assert len(far.calls) == 100
    for call in far.calls.values():
        await asyncio.wait_for(call.ended.wait(), 2)
    assert not one.lost
    await far.close()


async def test_answers_around_the_ring_limit_are_each_either_answered_or_cancelled(one: Pool) -> None:
    """From 15 ms before the limit to 15 ms after it: what the far end thinks and what we report must agree."""

    async def answer_near_the_limit(call: FarCall) -> None:
        await ring(call)
        await call.sdp()
        await asyncio.sleep(RING_LIMIT_S + (int(call.number[1:]) % 31 - 15) / 1000)
        if not call.cancelled.is_set():
            await call.answer()

    far = await FarEnd(answer_near_the_limit).start()

    async def once(call: str) -> bool:
        child = await one.place(call, far.port)
        for _ in range(2000):
            kinds = {type(e) for e in one.events.get(call, [])}
            if schemas.CallAnswered in kinds or schemas.CallEnded in kinds:
                break
            await asyncio.sleep(0.005)
        child.send(schemas.Hangup(call=call))
        ended = await one.until(call, schemas.CallEnded)
        return bool(ended.answered)

    names = [f"c{n}" for n in range(62)]
    reported = dict(zip(names, await asyncio.gather(*(once(name) for name in names))))
    for call in far.calls.values():
        assert reported[call.number] == bool(call.answered_at)
    assert set(reported.values()) == {True, False}
    await far.close()
