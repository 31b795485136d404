"""A slot that is taken again at once belongs to its new call alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dialer.bus import schemas

from .far_end import FarCall, FarEnd
from .pool import Pool

pytestmark = pytest.mark.media
CALLS = 150


async def test_short_calls_in_close_succession_are_all_seen_to_their_end(tmp_path: Path) -> None:
    """Far ends that hang up at once: the next call is placed while the last one is still being put away."""

    async def answer_and_leave(call: FarCall) -> None:
        call.ringing()
        await call.answer()
        await call.acked.wait()
        call.bye()

    far = await FarEnd(answer_and_leave).start()
    pool = Pool(tmp_path, ring_limit=20)

    async def once(call: str) -> None:
        await pool.place(call, far.port)
        ended = await pool.until(call, schemas.CallEnded)
        assert (ended.answered, ended.ended_by) == (True, "far")
        kinds = [type(event).__name__ for event in pool.events[call]]
        assert kinds == ["CallTrying", "CallRinging", "CallAnswered", "CallEnded"]

    await asyncio.gather(*(once(f"c{n}") for n in range(CALLS)))
    assert len(far.calls) == CALLS
    assert not pool.lost
    await pool.pool.stop()
    await far.close()
