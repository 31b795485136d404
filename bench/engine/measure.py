"""One run: build the floor, let it warm up, measure, then let the daemon die twice."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from asgiref.sync import sync_to_async
from django.conf import settings
from redis.asyncio import Redis

from dialer.bus import keys, streams
from dialer.engine.lease import lease_key

from . import echo, figures, installation
from .crew import Person
from .machine import Machine
from .takeovers import until_all_decide

TAKEN_LIMIT_S = 60.0
ANSWER_LIMIT_S = 20.0
"""Longer than any answer is waited for."""
JOINS_SHARE = 0.5
"""Of the warm-up: by then everybody is there."""
SETTLE_S = 4.0
"""Between two deaths: calls and commands that waited have been dealt with."""


@dataclass(frozen=True, slots=True)
class Size:
    """What is run."""

    campaigns: int
    agents: int
    seconds: float
    warm_s: float


SMALL = Size(10, 10, 20.0, 10.0)


class Run:
    """The floor and its processes."""

    def __init__(self, home: Path, size: Size) -> None:
        self.home, self.size, self.url = home, size, settings.REDIS_URL
        self.machine = Machine(home / "redis.sock")
        self.key = keys.derive(settings.BUS_SECRET, "permit")
        self.redis: Redis
        self.people: list[Person] = []

    async def baseline(self) -> dict[str, float]:
        """The bare echo, before anything else runs."""
        return figures.spread("echo", await echo.measure(self.url, self.machine.start_beside_daemon))

    async def start(self) -> None:
        """The daemon with all its campaigns, then nodes and agents; returns when the floor is as on any day."""
        size = self.size
        build = sync_to_async(installation.build)
        self.people = await build(size.campaigns, size.agents, size.warm_s * JOINS_SHARE)
        self.machine.start_daemon()
        await self._until_all_taken()
        orders = {"url": self.url, "key": self.key.hex(), "warm_until": time.time() + size.warm_s}
        self._simulate("line_node", orders)
        self._simulate("crew", orders | {"people": msgspec.to_builtins(self.people)})
        await asyncio.sleep(size.warm_s)

    def _simulate(self, name: str, orders: dict[str, Any]) -> None:
        path = self.home / f"{name}.json"
        path.write_text(json.dumps(orders | {"report_to": str(self._report(name))}))
        self.machine.start_simulator(f"bench.engine.{name}", str(path))

    def _report(self, name: str) -> Path:
        return self.home / f"{name}-report.json"

    async def _until_all_taken(self) -> None:
        campaigns = {person.campaign for person in self.people}
        async with asyncio.timeout(TAKEN_LIMIT_S):
            while sum([await self.redis.exists(lease_key(campaign)) for campaign in campaigns]) < len(
                campaigns
            ):
                await asyncio.sleep(0.2)

    async def _until_two_daemons(self) -> None:
        async with asyncio.timeout(TAKEN_LIMIT_S):
            while len(await streams.nodes(self.redis, "pace")) < 2:
                await asyncio.sleep(0.2)

    async def watch(self) -> tuple[float, float, dict[str, float]]:
        """Let it run; returns from when to when (Unix seconds), and each process's share of a core."""
        before, began = self.machine.cpu_seconds(), time.time()
        await asyncio.sleep(self.size.seconds)
        after, ended = self.machine.cpu_seconds(), time.time()
        return began, ended, {name: (after[name] - before[name]) / (ended - began) for name in before}

    async def die(self, daemon: str, successor: str, standing_by: bool) -> dict[str, Any]:
        """Kill one daemon; another takes over, or is started when this one is dead."""
        if standing_by:
            self.machine.start_daemon(successor)
            await self._until_two_daemons()
        self.machine.kill(daemon)
        died_at = time.time()
        if not standing_by:
            self.machine.start_daemon(successor)
        askers = list({person.campaign: person for person in self.people}.values())
        return await until_all_decide(self.redis, self.key, askers, died_at)

    def reports(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """End the simulated nodes; returns what line node and crew saw."""
        self.machine.stop(["crew", "line_node"])
        return json.loads(self._report("line_node").read_text()), json.loads(self._report("crew").read_text())


async def measure(home: Path, size: Size) -> dict[str, Any]:
    """Every figure of one run."""
    run = Run(home, size)
    try:
        run.machine.start_redis()
        run.redis = streams.connect(run.url, ANSWER_LIMIT_S)
        _say("the bare echo")
        found: dict[str, Any] = await run.baseline()
        _say("the floor warms up")
        await run.start()
        _say(f"measuring for {size.seconds:.0f} s")
        began, ended, shares = await run.watch()
        _say("the daemon dies, another stands by")
        takeover = await run.die("pace", "second", standing_by=True)
        await asyncio.sleep(SETTLE_S)
        _say("the daemon dies, none stands by")
        restart = await run.die("second", "third", standing_by=False)
        await asyncio.sleep(SETTLE_S)
        line, crew = run.reports()
        await run.redis.aclose()
    finally:
        run.machine.close()
    floor = await sync_to_async(_on_paper)(began, ended)
    return _summary(run, floor, line, crew, (began, ended)) | {
        **found,
        "cpu_share": round(shares["pace"], 3),
        "other_cpu_shares": {name: round(share, 3) for name, share in shares.items() if name != "pace"},
        "takeover_s": takeover["worst_s"],
        "takeover": takeover,
        "restart_s": restart["worst_s"],
        "restart": restart,
    }


def _on_paper(began: float, ended: float) -> dict[str, Any]:
    """What the database has of the window: dials, and which answered calls found an agent ready."""
    from dialer.calls.models import Call, CallEvent

    window = (datetime.fromtimestamp(began, UTC), datetime.fromtimestamp(ended, UTC))
    joined = CallEvent.objects.filter(kind="connected").values_list("call_id", "data")
    return {
        "dials": Call.objects.filter(placed_at__range=window).count(),
        "joined_at_once": {call for call, data in joined if not data["waited"]},
    }


def _summary(
    run: Run, floor: dict[str, Any], line: dict[str, Any], crew: dict[str, Any], window: tuple[float, float]
) -> dict[str, Any]:
    took_s = window[1] - window[0]
    bridged = [at for at, _took in line["answers"].values() if window[0] <= at < window[1]]
    assigned = figures.assignments(line["answers"], floor["joined_at_once"], *window)
    broken = figures.violations(line, crew)
    return {
        "campaigns": run.size.campaigns,
        "agents": run.size.campaigns * run.size.agents,
        "seconds": round(took_s, 1),
        "daemon_has_a_core": run.machine.daemon_has_a_core,
        "dials_per_s": round(floor["dials"] / took_s, 1),
        "joined_per_s": round(len(bridged) / took_s, 2),
        "assigned_at_once": len(assigned),
        **figures.spread("assign", assigned),
        **figures.spread("simulator_late", line["late_ms"]),
        "violations": sum(broken.values()),
        "counts": line["counts"] | crew["counts"],
        "commands_refused": crew["refused"],
    }


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)
