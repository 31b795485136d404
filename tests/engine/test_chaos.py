"""Whatever is done to daemons, networks, Redis and clocks: nobody is dialed twice, and every record is whole."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from campaigns.models import Campaign
from compliance.gate import Gate

from .chaos.floor import PATIENCE_S, Chaos
from .chaos.server import Server
from .scripted import until
from .test_daemon import NOON_OFFSET_S, seed

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
LEADS, AGENTS = 400, 3
TAKEOVER_LIMIT_S = 20.0
"""Three seconds are promised and measured by ``bench engine``; a machine that does much besides gets more."""
LONGER_THAN_A_LEASE_S = 3.0
HOUR_S = 3600.0
Note = Callable[[str, object], None]


@pytest_asyncio.fixture
async def chaos(redis_url: str, settings: Any) -> AsyncIterator[Chaos]:
    """A floor with a Redis of its own and one line node."""
    settings.GATE_OFFSET_S = NOON_OFFSET_S
    server = Server()
    built = Chaos(server, seed=4)
    built.line_node("line-1")
    yield built
    await built.close()
    server.close()
    await sync_to_async(connections.close_all)()


class SetClock:
    """The wall clock of every process of the test, as if somebody set it. Redis's own stays as it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead_s = 0.0
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + self.ahead_s)
        monkeypatch.setattr(
            Gate, "_wall", property(lambda gate: time.time, lambda gate, wall: None), raising=False
        )


async def busy_campaign(chaos: Chaos) -> int:
    """A campaign in which agents talk, people are abandoned, and leads remain for the whole test."""
    campaign, people, codes = await seed(LEADS, AGENTS)
    await sync_to_async(Campaign.objects.update)(method="ratio", dial_ratio=2.0)
    chaos.background(chaos.staff(campaign, people, codes["sale"]))
    return campaign


async def assert_all_was_kept(chaos: Chaos, campaign: int) -> None:
    """Bring the floor to rest; then the checker finds nothing."""
    await chaos.come_to_rest(campaign)
    assert await chaos.faults(campaign) == []


async def test_a_network_that_fails_in_every_way_dials_nobody_twice(
    chaos: Chaos, record_property: Note
) -> None:
    networks = [await chaos.proxy(), await chaos.proxy()]
    daemons = {chaos.daemon(network.url).name: network for network in networks}
    campaign = await busy_campaign(chaos)
    await chaos.calls_flow()
    ways: dict[str, dict[str, bool]] = {"both": {}, "up": {"down": False}, "down": {"up": False}}
    for way, options in ways.items():
        network = daemons[await until(lambda: chaos.holder(campaign), PATIENCE_S)]
        before, at = await chaos.epoch(campaign), time.monotonic()
        network.hold(**options)
        record_property(
            f"takeover_held_{way}_s", await chaos.taken_over(campaign, at, before, TAKEOVER_LIMIT_S)
        )
        await asyncio.sleep(LONGER_THAN_A_LEASE_S - 2.5)
        network.release()
    await chaos.calls_flow()
    await assert_all_was_kept(chaos, campaign)


async def test_answers_of_redis_that_get_lost_make_nothing_happen_twice(chaos: Chaos) -> None:
    network = await chaos.proxy()
    chaos.daemon(network.url)
    campaign = await busy_campaign(chaos)
    await chaos.calls_flow()
    for _ in range(12):
        network.hold(up=False)
        await asyncio.sleep(chaos.chance.uniform(0.05, 0.4))
        network.reset()
        network.release()
        await asyncio.sleep(chaos.chance.uniform(0.05, 0.3))
    await chaos.calls_flow()
    await assert_all_was_kept(chaos, campaign)


async def test_redis_that_dies_comes_back_and_forgets_everything_loses_no_call(chaos: Chaos) -> None:
    chaos.daemon()
    chaos.daemon()
    campaign = await busy_campaign(chaos)
    await chaos.calls_flow()
    chaos.server.kill()
    await asyncio.sleep(1.0)
    chaos.server.start()
    await chaos.calls_flow()
    chaos.server.kill()
    chaos.server.forget()
    chaos.server.start()
    await chaos.come_back()
    await chaos.calls_flow()
    await assert_all_was_kept(chaos, campaign)


async def test_daemons_that_are_killed_stopped_and_woken_late_never_dial_behind_the_next_ones_back(
    chaos: Chaos, record_property: Note
) -> None:
    for _ in range(2):
        chaos.process()
    campaign = await busy_campaign(chaos)
    await until(lambda: chaos.holder(campaign), PATIENCE_S)
    await chaos.calls_flow()
    await chaos.daemons_alive(2, PATIENCE_S)
    stopped = await chaos.holding_process(campaign)
    before, at = await chaos.epoch(campaign), time.monotonic()
    await chaos.stop(stopped)
    record_property("takeover_stopped_s", await chaos.taken_over(campaign, at, before, TAKEOVER_LIMIT_S))
    stopped.send_signal(signal.SIGCONT)
    await chaos.calls_flow()
    killed = await chaos.holding_process(campaign)
    assert killed is not stopped
    before, at = await chaos.epoch(campaign), time.monotonic()
    killed.kill()
    record_property("takeover_killed_s", await chaos.taken_over(campaign, at, before, TAKEOVER_LIMIT_S))
    chaos.daemon()
    before, at = await chaos.epoch(campaign), time.monotonic()
    stopped.terminate()
    record_property("handed_over_s", await chaos.taken_over(campaign, at, before, TAKEOVER_LIMIT_S))
    assert await asyncio.to_thread(stopped.wait, PATIENCE_S) == 0
    await chaos.calls_flow()
    await assert_all_was_kept(chaos, campaign)


async def test_clocks_that_are_set_and_differ_neither_dial_twice_nor_stop_the_floor(
    chaos: Chaos, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock(monkeypatch)
    first = chaos.daemon()
    campaign = await busy_campaign(chaos)
    await chaos.calls_flow()
    for hours in (-1, +1):
        clock.ahead_s = hours * HOUR_S
        await chaos.calls_flow()
        second = chaos.daemon()
        await chaos.kill(first)
        await until(lambda: chaos.holder(campaign), PATIENCE_S)
        await chaos.calls_flow()
        first = second
    for skew in (-1.5, 1.5):
        chaos.lines[0].clock_ahead = skew
        await chaos.calls_flow()
    chaos.lines[0].clock_ahead = 60.0
    await until(lambda: "expired" in chaos.lines[0].refused, PATIENCE_S)
    chaos.lines[0].clock_ahead = 0.0
    await assert_all_was_kept(chaos, campaign)
