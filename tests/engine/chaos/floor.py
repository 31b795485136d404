"""A floor on which everything may fail: its own Redis behind bad networks, daemons, nodes with ledgers, agents."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from redis.asyncio import Redis
from redis.exceptions import RedisError

from campaigns.models import Campaign
from dialer.bus import schemas, streams
from dialer.bus.ending import end
from dialer.calls.models import Call
from dialer.engine import lease
from dialer.engine.daemon import Daemon
from dialer.engine.history import dials
from dialer.engine.history.check import check_history
from dialer.engine.history.reading import Scope
from dialer.engine.history.spells import overlapping
from dialer.engine.history.values import Violation
from dialer.engine.models import Holding

from ..scripted import SECRET, ScriptedAgent, until
from .nodes import Lines, Media
from .proxy import Proxy
from .server import Server

PROJECT = Path(__file__).resolve().parents[3]
TALK_S = (0.1, 0.5)
PATIENCE_S = 60.0
"""How long anything that must happen may take: the machine may do much besides."""


async def person(node: Lines, call: str, chance: Random) -> None:
    """Whoever is called: busy, out, or answers soon; some hang up at once, some talk on until the agent ends it."""
    await asyncio.sleep(chance.uniform(0.02, 0.1))
    kind = chance.random()
    if kind < 0.15:
        node.end(call, 486, "far")
        return
    node.ring(call)
    await asyncio.sleep(chance.uniform(0.05, 0.4))
    if kind < 0.3:
        node.end(call, 480, "far")
        return
    answering = asyncio.create_task(node.answer(call))
    if kind < 0.45:
        await asyncio.sleep(chance.uniform(0.0, 0.5))
        node.end(call, 200, "far")
    await answering


class Worker(ScriptedAgent):
    """An agent who talks, says a word, and is ready again, as long as the test lasts."""

    def __init__(
        self, redis: Redis, agent: int, session: str, campaign: int, media: Media, sale: int
    ) -> None:
        super().__init__(redis, agent, session, campaign, media.node)
        self._media, self._sale = media, sale
        media.agents[session] = (agent, campaign)

    async def joined_again(self) -> bool:
        """One try to arrive anew, as the console does when its campaign no longer knows it."""
        try:
            await self.arrive()
        except (AssertionError, RedisError):
            return False
        return True

    async def work(self, chance: Random) -> None:
        """Until cancelled."""
        done = ""
        while True:
            call = self._media.joined.get(self.session, "")
            if call and call != done:
                await asyncio.sleep(chance.uniform(*TALK_S))
                with contextlib.suppress(Exception):
                    reply = await self.ask("dispose", call=call, disposition=self._sale)
                    # Disposed of, or gone without us (its daemon died): nothing is left to say either way.
                    if isinstance(reply, schemas.Done) or reply.code == "not_found":
                        done = call
            await asyncio.sleep(0.02)


class Chaos:
    """One test's floor."""

    def __init__(self, server: Server, seed: int) -> None:
        self.server, self.chance = server, Random(seed)
        self.proxies: list[Proxy] = []
        self.lines: list[Lines] = []
        self.daemons: dict[Daemon, asyncio.Task[None]] = {}
        self.processes: list[subprocess.Popen[bytes]] = []
        self._tasks: list[asyncio.Task[Any]] = []
        self._clients: list[Redis] = []
        self._workers: list[Worker] = []

    # --- what stands on it --------------------------------------------------------------------------

    def client(self, url: str = "") -> Redis:
        """A connection to Redis, direct unless ``url`` says through which proxy."""
        self._clients.append(streams.connect(url or self.server.url, 3.0))
        return self._clients[-1]

    def background(self, work: Any) -> None:
        """Run beside the test until it ends."""
        self._tasks.append(asyncio.create_task(work))

    async def proxy(self) -> Proxy:
        """A network of its own."""
        self.proxies.append(await Proxy(self.server.port).start())
        return self.proxies[-1]

    def line_node(self, name: str, url: str = "") -> Lines:
        """Start a line node."""
        node = Lines(self.client(url), name, self.chance, person)
        self.lines.append(node)
        self.background(node.run())
        return node

    async def staff(self, campaign: int, people: list[tuple[int, str]], sale: int) -> None:
        """Start a media node, and let these agents arrive and work."""
        media = Media(self.client(), "media-1")
        self.background(media.run())
        await until(lambda: self.holder(campaign), PATIENCE_S)
        for agent, session in people:
            worker = Worker(self.client(), agent, session, campaign, media, sale)
            await worker.arrive()
            self._workers.append(worker)
            self.background(worker.work(self.chance))

    async def come_back(self) -> None:
        """Everybody's console finds itself in no campaign, and joins again."""
        for worker in self._workers:
            await until(worker.joined_again, PATIENCE_S)

    def daemon(self, url: str = "") -> Daemon:
        """Start a daemon in this process."""
        daemon = Daemon(url or self.server.url, SECRET)
        self.daemons[daemon] = asyncio.create_task(daemon.run())
        return daemon

    def process(self, url: str = "") -> subprocess.Popen[bytes]:
        """Start a daemon as a process of its own, as an operator does."""
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
            "REDIS_URL": url or self.server.url,
            "PACELINE_BUS_SECRET": SECRET,
            "PACELINE_GATE_OFFSET_S": str(settings.GATE_OFFSET_S),
        }
        command = [sys.executable, str(PROJECT / "manage.py"), "pace"]
        self.processes.append(subprocess.Popen(command, cwd=PROJECT, env=environment))
        return self.processes[-1]

    # --- looking ------------------------------------------------------------------------------------

    async def holder(self, campaign: int) -> str:
        """The name of the daemon that holds the campaign, empty for none."""
        found = await self._clients[0].get(lease.lease_key(campaign)) if self._clients else None
        return found.decode() if found else ""

    async def stop(self, process: subprocess.Popen[bytes]) -> None:
        """SIGSTOP between two transactions: SQLite has one writer, and one that stands still in the middle of its
        transaction holds up everybody. PostgreSQL ends such a one (``database.limit_standstill``)."""
        while True:
            process.send_signal(signal.SIGSTOP)
            if await asyncio.to_thread(_may_write):
                return
            process.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.01)

    async def kill(self, daemon: Daemon) -> None:
        """End a daemon of this process as SIGKILL would: nothing is handed over, the lease runs out."""
        await end([self.daemons.pop(daemon), *daemon._tasks.values()])

    async def daemons_alive(self, count: int, limit_s: float) -> None:
        """Wait until so many daemons beat."""
        redis = self._clients[0]

        async def beat() -> bool:
            return len(await streams.nodes(redis, "pace")) >= count

        await until(beat, limit_s)

    async def holding_process(self, campaign: int) -> subprocess.Popen[bytes]:
        """The process that holds the campaign."""
        name = await until(lambda: self.holder(campaign), PATIENCE_S)
        pid = int(name.split("-")[-2])
        return next(process for process in self.processes if process.pid == pid)

    def first_dial_since(self, at: float, epoch: int) -> float | None:
        """When the first INVITE after ``at`` (monotonic) left under a later epoch than ``epoch``."""
        lines = itertools.chain.from_iterable(node.lines.values() for node in self.lines)
        moments = [line.began for line in lines if line.began > at and line.permit.epoch > epoch]
        return min(moments, default=None)

    async def epoch(self, campaign: int) -> int:
        """The newest one."""
        rows = Holding.objects.filter(campaign=campaign).order_by("-epoch")
        newest = await sync_to_async(rows.first)()
        return newest.epoch if newest else 0

    async def taken_over(self, campaign: int, at: float, before: int, limit_s: float) -> float:
        """Wait for the next holder's first dial; returns the seconds since ``at``."""
        moment = await until(lambda: self.first_dial_since(at, before), limit_s)
        return float(moment) - at

    async def calls_flow(self, count: int = 3, limit_s: float = PATIENCE_S) -> None:
        """Wait until this many more calls are joined with agents."""
        start = await self._joined()

        async def more() -> bool:
            return await self._joined() >= start + count

        await until(more, limit_s)

    async def _joined(self) -> int:
        return await sync_to_async(Call.objects.filter(connected_at__isnull=False).count)()

    # --- the end ------------------------------------------------------------------------------------

    async def come_to_rest(self, campaign: int) -> None:
        """Let no new call begin, and wait until all have ended and are disposed of."""
        await sync_to_async(Campaign.objects.filter(pk=campaign).update)(status="draining")
        unfinished = Call.objects.filter(ended_at=None) | Call.objects.filter(
            connected_at__isnull=False, disposed_at=None
        )

        async def rests() -> bool:
            return not await sync_to_async(unfinished.exists)()

        try:
            await until(rests, PATIENCE_S)
        except TimeoutError:
            left = await sync_to_async(lambda: list(unfinished.values()))()
            raise AssertionError(f"calls that never end: {left}") from None

    async def faults(self, campaign: int) -> list[Violation]:
        """What the checker finds in the records, and in the nodes' own ledgers."""
        organisation = (await sync_to_async(Campaign.objects.get)(pk=campaign)).organisation_id
        found = await sync_to_async(lambda: list(check_history(Scope(organisation), at_rest=True)))()
        held = await sync_to_async(lambda: list(Holding.objects.values_list("campaign", "epoch")))()
        for node in self.lines:
            found += dials.judge(node.dials(), held)
        spells = sorted(
            itertools.chain.from_iterable(node.spells() for node in self.lines),
            key=lambda spell: (spell.owner, spell.begin),
        )
        found += overlapping("no number on two lines", "number", spells)
        return found

    async def close(self) -> None:
        """End everything."""
        for proxy in self.proxies:
            proxy.release()
        for daemon, task in self.daemons.items():
            daemon.stop()
            await asyncio.wait_for(task, PATIENCE_S)
        await end(self._tasks)
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(10)
        for client in self._clients:
            with contextlib.suppress(Exception):
                await client.aclose()
        for proxy in self.proxies:
            await proxy.close()


def _may_write() -> bool:
    """Whether nobody is in the middle of a writing transaction."""
    try:
        with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0.1)) as own:
            own.execute("BEGIN IMMEDIATE")
            own.rollback()
    except sqlite3.OperationalError:
        return False
    return True
