"""The pacing daemon: leases campaigns, runs a room for each, and keeps trunks, prompts and nodes in view."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

import structlog
from django.db import Error as DatabaseError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agents.whereabouts import campaigns_owed_seats
from campaigns.services.campaign_status import ChangedMeanwhile, finish_drain
from campaigns.states import IllegalStep
from compliance.gate import Gate
from dialer.bus import keys, names, schemas, streams
from dialer.bus.ending import end

from . import configs, database, house, lease, prompts, recovery, taking, trunks
from .board import Board
from .clock import Clock
from .journal import Bookkeeper
from .placer import Placer
from .recount import Recount
from .room.config import RoomConfig
from .room.room import Room
from .runner import Runner

log = structlog.get_logger(__name__)
NODES_EVERY_S = 0.3
LEASES_EVERY_S = lease.RENEW_EVERY_S
TAKE_EVERY_S = 0.1
"""A campaign whose daemon died is found free this soon after its lease ran out."""
CONFIGS_EVERY_S = 2.0
"""How often the settings of all campaigns are read; what people change on pages is announced besides."""
READ_BLOCK_MS = 100
"""How long a read of the room streams waits: a newly leased room is read after at most this."""
CONNECTIONS = 1000
"""Each campaign uses up to six at once; the client's own 100 were too few for twenty campaigns."""
CLOSE_LIMIT_S = 5.0
SETTLE_LIMIT_S = 1.0
"""How long a campaign's last dials may take to be on paper and ordered before it is handed over."""
REDIS_LIMIT_S = 3.0
"""A connection that says nothing for so long is taken as lost: whatever this daemon held, another has by then."""


class Daemon:
    """One process of ``manage.py pace``."""

    def __init__(self, redis_url: str, bus_secret: str) -> None:
        self.redis: Redis = streams.connect(redis_url, REDIS_LIMIT_S, max_connections=CONNECTIONS)
        self.readers: Redis = streams.connect(redis_url, REDIS_LIMIT_S)
        self.name = f"pace-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self.gate = Gate(keys.derive(bus_secret, "permit"))
        self.placer, self.bookkeeper = Placer(self.gate), Bookkeeper(self.redis)
        self.trunk_box = keys.box(bus_secret, "trunks")
        self.clock, self.board = Clock(), Board()
        self.runners: dict[int, Runner] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._wanted: set[int] = set()
        self._taking: set[int] = set()
        self._reader = streams.Reader(self.readers, schemas.RoomMessage, self._on_bad)
        self.house = house.HouseView(self.redis, self.board)
        self._announced: asyncio.Queue[int] = asyncio.Queue()
        """Campaigns whose settings somebody has just changed."""
        self._reloading, self._recount = asyncio.Lock(), Recount()
        self._stopping = asyncio.Event()
        self._started_at = self.clock.now()

    def stop(self) -> None:
        """Ask the daemon to hand over its campaigns and end."""
        self._stopping.set()

    def calm(self) -> bool:
        """Whether no call is on a line."""
        return not any(runner.room.live_calls for runner in self.runners.values())

    async def run(self) -> None:
        """Work until ``stop``."""
        steps: list[tuple[Callable[[], Awaitable[None]], float]] = [
            (self._beat, names.HEARTBEAT_EVERY_S),
            (self._watch_nodes, NODES_EVERY_S),
            (self._renew_leases, LEASES_EVERY_S),
            (self._look_and_finish, LEASES_EVERY_S),
            (self._take_free, TAKE_EVERY_S),
            (self._read_configs, CONFIGS_EVERY_S),
            (self._read_announced, 0),
            (self._read_streams, 0),
            (self._read_stops, 0),
            (self._publish_trunks, trunks.PUBLISH_EVERY_S),
            (self._show_house, house.EVERY_S),
        ]
        tasks = [asyncio.create_task(self._repeat(step, pause)) for step, pause in steps]
        try:
            await self._stopping.wait()
        finally:
            await end(tasks)
        await asyncio.gather(*(self._hand_over(campaign) for campaign in list(self.runners)))

    async def _repeat(self, step: Callable[[], Awaitable[None]], pause_s: float) -> None:
        while True:
            try:
                await step()
            except (RedisError, DatabaseError) as error:
                log.warning("daemon_waits", step=step.__name__, error=type(error).__name__)
                await asyncio.sleep(0.3)
            except Exception:
                log.exception("daemon_step_failed", step=step.__name__)
                await asyncio.sleep(0.3)
            await asyncio.sleep(pause_s)

    # --- nodes and leases ---

    async def _beat(self) -> None:
        status = schemas.NodeStatus(
            node=self.name,
            kind="pace",
            at=self.clock.now(),
            started_at=self._started_at,
            used=len(self.runners),
        )
        await streams.beat(self.redis, status)
        seconds, microseconds = await self.redis.time()
        self.clock.redis_ahead = seconds + microseconds / 1e6 - self.clock.now()

    async def _watch_nodes(self) -> None:
        try:
            lines = await streams.nodes(self.redis, "line")
            media = await streams.nodes(self.redis, "media")
        except RedisError:
            self.board.be_blind(self.clock.now())
            raise
        known = self.board.lives()
        gone_lines, gone_media = self.board.see_nodes(lines, media, self.clock.now())
        came = {node.node for node in lines if known.get(node.node) != node.started_at}
        for runner in self.runners.values():
            runner.lose_nodes(gone_lines, gone_media)
            if came:
                await runner.claims.ask(self.redis, came, self.clock.now())

    async def _renew_leases(self) -> None:
        """Apart from all slower work: a lease must not run out while another campaign is being taken."""
        asked = {*self._taking, *self.runners}
        lost = asked - await lease.renew(self.redis, asked, self.name)
        ended = {campaign for campaign, task in self._tasks.items() if task.done()}
        for campaign in (lost | ended) & self.runners.keys():
            await self._drop(campaign)

    async def _take_free(self) -> None:
        """Take what nobody holds, all of it together; one by one where that fails, for one's trouble is its own."""
        if not self.board.seen:
            return  # Calls on a node that has not been seen would be taken as lost.
        free = await lease.unheld(self.redis, self._wanted - self.runners.keys())
        try:
            await self._take(free)
        except (RedisError, DatabaseError):
            raise
        except Exception:
            if len(free) == 1:
                raise
            log.exception("campaigns_taken_one_by_one", campaigns=len(free))
            taken = await asyncio.gather(*(self._take([one]) for one in free), return_exceptions=True)
            for error in taken:
                if isinstance(error, BaseException):
                    raise error from None

    async def _look_and_finish(self) -> None:
        """Which campaigns need a daemon, and which need none any more."""
        running = await database.read(configs.campaigns_to_run)
        self._wanted = {*running, *await campaigns_owed_seats(self.redis)}
        for campaign, runner in list(self.runners.items()):
            await self._finish(campaign, runner, campaign in self._wanted)

    async def _finish(self, campaign: int, runner: Runner, wanted: bool) -> None:
        if runner.room.config.status == "draining" and not runner.room.calls:
            with contextlib.suppress(IllegalStep, ChangedMeanwhile):
                await database.write(finish_drain, campaign)
        if not wanted and runner.idle():
            await self._close(campaign)

    async def _take(self, free: Collection[int]) -> None:
        if not free:
            return
        await self.bookkeeper.done()
        leased = await taking.lease_free(self.redis, free, self.name)
        ours = {one.config.campaign for one in leased}
        self._taking |= ours
        try:
            taken = await taking.take(self.redis, leased, self.name) if leased else []
            await self._publish([one.config for one in taken])
            for one in taken:
                await self._begin(one)
        finally:
            self._taking -= ours
            for campaign in ours - self.runners.keys():
                await self._release(campaign)

    async def _begin(self, taken: taking.Taken) -> None:
        config, campaign = taken.config, taken.config.campaign
        room = Room(config, self.board, taken.tally)
        recovery.restore(room, taken.kept, self.clock.now())
        room.answers.extend(taken.answered)
        recovery.restore_pacer(room, taken.learned)
        hands = self.redis, room, self.board, self.gate, self.clock, taken.epoch
        runner = Runner(*hands, self.placer, self.bookkeeper)
        await runner.claims.ask(self.redis, list(self.board.lines), self.clock.now())
        self.runners[campaign] = runner
        self._tasks[campaign] = asyncio.create_task(runner.run())
        self._reader.follow(names.room_stream(campaign), taken.kept.position)
        log.info(
            "campaign_taken",
            campaign=campaign,
            epoch=taken.epoch,
            calls=len(room.calls),
            orphans=taken.orphans,
        )

    async def _drop(self, campaign: int) -> None:
        """Stop deciding for the campaign; a room that failed says why in the log."""
        self._reader.drop(names.room_stream(campaign))
        task = self._tasks.pop(campaign)
        self.runners.pop(campaign)
        task.cancel()
        (ended,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(ended, Exception):
            log.error("room_failed", campaign=campaign, exc_info=ended)
        await self._release(campaign)
        log.info("campaign_let_go", campaign=campaign)

    async def _release(self, campaign: int) -> None:
        """A lease in our name that we make no use of keeps everybody else away."""
        with contextlib.suppress(RedisError):
            await lease.release(self.redis, campaign, self.name)

    async def _close(self, campaign: int) -> None:
        """Let a campaign that is over go, with its agents."""
        runner = self.runners[campaign]
        if runner.room.config.status == "stopped":
            runner.dismiss_agents()
            await asyncio.sleep(0.2)
        await self._hand_over(campaign)

    async def _hand_over(self, campaign: int) -> None:
        """Place nothing new, order what is on paper, and leave the rest to the next: seats and calls stay kept."""
        runner = self.runners[campaign]
        await runner.settle(SETTLE_LIMIT_S)
        with contextlib.suppress(RedisError, TimeoutError):
            await asyncio.wait_for(runner.floor.withdraw(), CLOSE_LIMIT_S)
        await self._drop(campaign)

    # --- reading ---

    async def _read_streams(self) -> None:
        for stream, position, message in await self._reader.read(READ_BLOCK_MS):
            campaign = int(stream.rsplit(":", 1)[1])
            runner = self.runners.get(campaign)
            if runner is None:
                continue
            if isinstance(message, schemas.CampaignChanged):
                self._announced.put_nowait(campaign)
            runner.inbox.put_nowait((position, message))

    def _on_bad(self, stream: str, position: str, error: Exception) -> None:
        log.error("message_not_understood", stream=stream, position=position, error=str(error))

    async def _read_stops(self) -> None:
        reader = await self._stop_reader()
        for _stream, _position, message in await reader.read():
            for runner in self.runners.values():
                if runner.room.config.organisation == message.organisation:
                    runner.stop_number(message.number)

    async def _stop_reader(self) -> Any:
        if not hasattr(self, "_stops"):
            self._stops = streams.Reader(self.readers, schemas.StopNumber, self._on_bad)
            self._stops.follow(names.STOPS_STREAM, await self._stops.last(names.STOPS_STREAM))
        return self._stops

    async def _read_configs(self) -> None:
        await self._reload(list(self.runners))

    async def _read_announced(self) -> None:
        """Beside the reading of streams: an answer must not wait for settings."""
        await self._reload([await self._announced.get()])

    async def _reload(self, campaigns: Sequence[int]) -> None:
        """One reading at a time: settings that were read before a change must not be taken after it."""
        async with self._reloading:
            read = await database.read(configs.load_configs, campaigns)
            runners = {campaign: self.runners[campaign] for campaign in read.keys() & self.runners.keys()}
            changed = [pk for pk, runner in runners.items() if read[pk] != runner.room.config]
            await self._publish([read[campaign] for campaign in changed])
            for campaign in changed:
                runners[campaign].configure(read[campaign])
        for runner in runners.values():
            await self._recount.look(runner)

    async def _publish_trunks(self) -> None:
        await self._publish([runner.room.config for runner in self.runners.values()])

    async def _publish(self, rooms: list[RoomConfig]) -> None:
        """Line nodes must know trunk and message before the first call that needs them."""
        await trunks.publish_all(
            self.redis, self.trunk_box, {rule.id for config in rooms for rule in config.trunks}
        )
        await prompts.publish_all(self.redis, {config.safe_harbour for config in rooms} - {""})

    async def _show_house(self) -> None:
        await self.house.publish([runner.room for runner in self.runners.values()], self.clock.now())
