"""Calls of several rooms are put on paper together, and one room's trouble is its own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError

from dialer.calls.models import Call
from dialer.calls.services.place_calls import Placed
from dialer.engine import fence
from dialer.engine.placer import Placer

from .test_daemon import NOON_OFFSET_S, seed
from .test_fence import GATE, wish

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def noon(settings: Any) -> None:
    """An hour at which the gate lets every lead be called."""
    settings.GATE_OFFSET_S = NOON_OFFSET_S


async def two_calls_asked_at_once(placer: Placer) -> list[Any]:
    """A room that holds its campaign, and one that another has followed."""
    campaign, _, _ = await seed(leads=1, agents=0)
    await sync_to_async(fence.begin)(campaign, 10, "me")
    good = await sync_to_async(wish)(campaign, "a" * 32, 10)
    stale = await sync_to_async(wish)(campaign, "b" * 32, 9)
    asked = placer.place(campaign, 10, [good]), placer.place(campaign, 9, [stale])
    return list(await asyncio.gather(*asked, return_exceptions=True))


async def test_a_room_that_was_followed_does_not_keep_another_from_dialing() -> None:
    good, stale = await two_calls_asked_at_once(Placer(GATE))
    assert isinstance(good[0], Placed)
    assert isinstance(stale, fence.Superseded)
    assert await sync_to_async(lambda: list(Call.objects.values_list("pk", flat=True)))() == ["a" * 32]


async def test_a_database_that_is_away_is_told_to_every_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(fence, "stand_for_all", away)
    assert [type(answer) for answer in await two_calls_asked_at_once(Placer(GATE))] == [OperationalError] * 2


async def test_what_is_asked_in_one_moment_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, _, _ = await seed(leads=2, agents=0)
    await sync_to_async(fence.begin)(campaign, 10, "me")
    first = await sync_to_async(wish)(campaign, "a" * 32, 10)
    batches, place_all = [], fence.place_all

    def counted(orders: Any, gate: Any) -> Any:
        batches.append(len(orders))
        return place_all(orders, gate)

    monkeypatch.setattr(fence, "place_all", counted)
    placer = Placer(GATE)
    one, none = await asyncio.gather(placer.place(campaign, 10, [first]), placer.place(campaign, 10, []))
    assert isinstance(one[0], Placed)
    assert (none, batches) == ([], [2])
