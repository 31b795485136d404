"""A person who answers as the ring limit strikes is connected, not lost: run against one real child."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from dialer.bus import schemas
from dialer.lines import wire
from dialer.lines.child_process import Child
from dialer.lines.children import ChildPool
from dialer.lines.config import LineConfig

from .far_end import FarCall, FarEnd

pytestmark = pytest.mark.media
RING_LIMIT_S = 0.15


class OneChild:
    """A pool whose children take calls with a ring limit that no node would allow."""

    def __init__(self, directory: Path) -> None:
        self.events: dict[str, list[Any]] = {}
        self.lost: list[Child] = []
        config = LineConfig(redis_url="", bus_secret="", node="n", max_lines=8)
        self.pool = ChildPool(config, directory, self._on_message, self.lost.append)

    def _on_message(self, child: Child, message: Any) -> None:
        self.events.setdefault(message.call, []).append(message)
        if isinstance(message, schemas.CallEnded):
            self.pool.give_back(child, message.call)

    async def place(self, call: str, port: int) -> Child:
        """Try children until one has a slot: PJSUA may still hold the one of an ended call."""
        while True:
            while (child := self.pool.take(call)) is None:
                await self.pool.wait(0.02)
            self._send_place(child, call, port)
            while not self.events.get(call):
                await asyncio.sleep(0.002)
            if not isinstance(self.events[call][0], wire.Full):
                return child
            del self.events[call]
            self.pool.mark_full(child, call)

    def _send_place(self, child: Child, call: str, port: int) -> None:
        route = wire.Route(
            key=str(port),
            host="127.0.0.1",
            address="127.0.0.1",
            port=port,
            transport="udp",
            domain="127.0.0.1",
        )
        child.send(
            wire.Place(
                call=call,
                campaign=1,
                route=route,
                to_uri=f"sip:{call}@127.0.0.1:{port}",
                from_uri="",
                headers=[],
                ring_limit=RING_LIMIT_S,
                engine_silence=30,
            )
        )

    async def until(self, call: str, kind: type) -> Any:
        for _ in range(2000):
            found = next((e for e in self.events.get(call, []) if isinstance(e, kind)), None)
            if found is not None:
                return found
            await asyncio.sleep(0.005)
        raise AssertionError(f"{kind.__name__} never came: {self.events.get(call)}")


@pytest_asyncio.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneChild]:
    made = OneChild(tmp_path)
    yield made
    await made.pool.stop()


async def ring(call: FarCall) -> None:
    call.trying()
    call.ringing()


async def test_the_ring_limit_sends_a_true_cancel(one: OneChild) -> None:
    far = await FarEnd(ring).start()
    await one.place("c1", far.port)
    ended = await one.until("c1", schemas.CallEnded)
    assert (ended.code, ended.ended_by, ended.answered) == (487, "ring_limit", False)
    assert far.call().cancelled.is_set()
    await far.close()


async def test_a_far_end_that_ignores_the_cancel_does_not_hold_the_line_for_ever(one: OneChild) -> None:
    far = await FarEnd(ring).start()
    far.confirm_cancel = False
    await one.place("c1", far.port)
    ended = await one.until("c1", schemas.CallEnded)
    assert (ended.code, ended.ended_by) == (0, "ring_limit")
    await far.close()


async def test_every_answer_that_crosses_the_cancel_is_delivered(one: OneChild) -> None:
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


async def test_answers_around_the_ring_limit_are_each_either_answered_or_cancelled(one: OneChild) -> None:
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
