"""The garbage collector of the daemon: only when nobody waits for an answer."""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from collections.abc import Iterator

import pytest

from dialer.bus.ending import end
from dialer.engine import memory

pytestmark = pytest.mark.unit


class Ring:
    """Held by nothing but itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


async def freed(calm: bool, limit_s: float) -> bool:
    """Whether garbage is gone in time."""
    cleaning = asyncio.create_task(memory.keep_clean(lambda: calm))
    await asyncio.sleep(0)
    assert not gc.isenabled()
    ring = weakref.ref(Ring())
    deadline = time.monotonic() + limit_s
    while ring() is not None and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    await end([cleaning])
    return ring() is None


async def test_garbage_is_collected_where_no_call_is_on_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(memory, "CALM_EVERY_S", 0.03)
    assert await freed(calm=True, limit_s=20.0)
    assert not await freed(calm=False, limit_s=0.2)


async def test_a_floor_that_never_rests_is_not_let_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(memory, "MOST_NEW", 1)
    assert await freed(calm=False, limit_s=20.0)
