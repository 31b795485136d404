"""A slot that is taken again at once belongs to its new call alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dialer.bus import schemas

from .bench import FakeMedia
from .far_end import FarCall, FarEnd
from .pool import Pool

pytestmark = pytest.mark.media
CALLS = 150


async def test_short_calls_in_close_succession_are_all_seen_to_their_end(tmp_path: Path) -> None:
    """The next call is placed while the audio leg of the last one is still being put away."""

    async def answer_and_leave(call: FarCall) -> None:
        call.ringing()
        await call.answer()
        await asyncio.sleep(0.1)
        call.bye()

    far = await FarEnd(answer_and_leave).start()
    media = await FakeMedia().start()
    pool = Pool(tmp_path, ring_limit=20)

    async def once(call: str) -> None:
        child = await pool.place(call, far.port)
        await pool.until(call, schemas.CallAnswered)
        child.send(schemas.Bridge(call=call, address=media.address, key=media.key))
        ended = await pool.until(call, schemas.CallEnded)
        assert (ended.answered, ended.ended_by) == (True, "far")
        kinds = [type(e).__name__ for e in pool.events[call] if not isinstance(e, schemas.CallBridged)]
        assert kinds == ["CallTrying", "CallRinging", "CallAnswered", "CallEnded"]

    await asyncio.gather(*(once(f"c{n}") for n in range(CALLS)))
    assert len(far.calls) == CALLS
    assert not pool.lost
    await pool.pool.stop()
    await far.close()
    media.close()
