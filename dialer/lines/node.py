"""A line node: takes commands from Redis, has children place the calls, sends back what happens to them."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from typing import Any

import structlog
from redis.exceptions import RedisError

from dialer.bus import keys, names, schemas, streams
from dialer.bus.ending import end
from dialer.bus.outbox import Outbox

from . import wire
from .admission import Admission
from .child_process import Child
from .children import ChildPool
from .config import LineConfig
from .dialing import Dialing
from .directory import make_directory
from .live_calls import LiveCalls
from .prompts import PromptCache
from .trunks import TrunkBook

log = structlog.get_logger()
RETRY_S = 0.2
BALANCE_EVERY_S = 0.25
FLUSH_LIMIT_S = 2.0


class LineNode:
    """Runs until ``drain`` has let the last call end, or ``stop`` says at once."""

    def __init__(self, config: LineConfig) -> None:
        self._config = config
        self._started_at, self._began = time.time(), time.monotonic()
        self._directory = make_directory()
        self._redis = streams.connect(config.redis_url)
        self._outbox = Outbox(self._redis)
        self._calls = LiveCalls()
        self._admission = Admission(config.node, keys.derive(config.bus_secret, "permit"), self._uptime)
        self._prompts = PromptCache(self._redis, self._directory)
        self._pool = ChildPool(config, self._directory, self._on_child_message, self._on_child_lost)
        self._dialing = Dialing(
            node=config.node,
            max_lines=config.max_lines,
            admission=self._admission,
            trunks=TrunkBook(self._redis, keys.box(config.bus_secret, "trunks")),
            prompts=self._prompts,
            pool=self._pool,
            calls=self._calls,
            report=self._report,
        )
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stop = asyncio.Event()
        self._drain_until = 0.0

    async def run(self) -> None:
        """Serve until stopped. Children, tasks and files are gone when it returns."""
        self._pool.balance()
        for work in (self._outbox.run(), self._read_commands(), self._beat(), self._balance()):
            self._spawn(work)
        try:
            await self._stop.wait()
        finally:
            await self._close()

    def _uptime(self) -> float:
        return time.monotonic() - self._began

    def drain(self) -> None:
        """Take no new calls, and stop when the last one has ended or the limit is reached."""
        if not self._dialing.draining:
            log.info("line_node_draining", calls=len(self._calls))
            self._dialing.draining = True
            self._drain_until = time.monotonic() + self._config.drain_limit_s

    def stop(self) -> None:
        """Hang up and stop now."""
        self._stop.set()

    async def _close(self) -> None:
        await self._pool.stop()
        with contextlib.suppress(RedisError, OSError):
            await self._outbox.flush(FLUSH_LIMIT_S)
            await self._redis.delete(names.node_key("line", self._config.node))
        await end(list(self._tasks))
        await self._redis.aclose()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("line_task_failed", exc_info=task.exception())

    # --- what runs all the time -------------------------------------------------------------------

    async def _read_commands(self) -> None:
        """From the stream's end at our start on; after a break of Redis from where we were."""
        stream = names.line_stream(self._config.node)
        reader = streams.Reader(self._redis, schemas.LineCommand, self._on_bad_command)
        while True:
            try:
                if not reader.positions:
                    reader.follow(stream, await reader.last(stream))
                    await self._send_beat()
                for _, _, command in await reader.read():
                    self._carry_out(command)
            except (RedisError, OSError):
                await asyncio.sleep(RETRY_S)

    def _on_bad_command(self, _stream: str, position: str, error: Exception) -> None:
        log.error("line_command_unreadable", position=position, error=str(error))

    async def _beat(self) -> None:
        while True:
            with contextlib.suppress(RedisError, OSError):
                await self._send_beat()
            await asyncio.sleep(names.HEARTBEAT_EVERY_S)

    async def _send_beat(self) -> None:
        await streams.beat(
            self._redis,
            schemas.NodeStatus(
                node=self._config.node,
                kind="line",
                at=time.time(),
                started_at=self._started_at,
                draining=self._dialing.draining,
                capacity=self._pool.capacity(),
                used=len(self._calls) + self._dialing.waiting,
                detail={
                    "children": len(self._pool.children),
                    "slots": self._pool.slots,
                    "unsent": len(self._outbox),
                },
            ),
        )

    async def _balance(self) -> None:
        while True:
            self._pool.balance()
            if self._dialing.draining:
                idle = not len(self._calls) and not self._dialing.waiting
                if idle or time.monotonic() > self._drain_until:
                    self.stop()
            await asyncio.sleep(BALANCE_EVERY_S)

    # --- commands ---------------------------------------------------------------------------------

    def _carry_out(self, command: Any) -> None:
        match command:
            case schemas.Originate():
                self._dialing.begin(command)
            case schemas.Claim():
                self._answer_claim(command)
            case schemas.Drain():
                self.drain()
            case schemas.PlayThenHangup():
                self._spawn(self._play(command))
            case schemas.Hangup():
                self._hang_up(command)
            case _:
                self._to_child(command.call, command)

    def _hang_up(self, command: schemas.Hangup) -> None:
        if self._dialing.withdraw(command.call):
            return
        live = self._calls.get(command.call)
        if live is not None:
            live.hung_up = True
            live.child.send(command)

    def _to_child(self, call: str, message: wire.Message) -> None:
        live = self._calls.get(call)
        if live is not None:
            live.child.send(message)

    async def _play(self, command: schemas.PlayThenHangup) -> None:
        """Where the prompt cannot be had, the child finds no file and ends the call."""
        try:
            await self._prompts.ensure(command.prompt)
        except (RedisError, OSError):
            log.error("prompt_not_fetched", call=command.call)
        self._to_child(command.call, wire.Play(call=command.call, prompt=command.prompt))

    def _answer_claim(self, claim: schemas.Claim) -> None:
        if self._admission.claim(claim.campaign, claim.epoch) > claim.epoch:
            log.warning("stale_claim_ignored", campaign=claim.campaign, epoch=claim.epoch)
            return
        now = time.time()
        for live in self._calls:
            if live.campaign == claim.campaign:
                report = schemas.CallReport(
                    call=live.call,
                    campaign=live.campaign,
                    node=self._config.node,
                    at=now,
                    stage=live.stage,
                    answered_at=live.answered_at,
                )
                self._outbox.put(names.room_stream(live.campaign), report)
        done = schemas.ClaimDone(campaign=claim.campaign, node=self._config.node, epoch=claim.epoch, at=now)
        self._outbox.put(names.room_stream(claim.campaign), done)

    # --- what the children say --------------------------------------------------------------------

    def _report(self, event: schemas.LineEvent) -> None:
        self._outbox.put(names.room_stream(event.campaign), event)

    def _on_child_message(self, child: Child, message: Any) -> None:
        if isinstance(message, wire.Full):
            self._dialing.try_again(child, message.call)
            return
        if isinstance(message, schemas.CallTrying):
            message = self._dialing.vouched(message)
        self._calls.note(child, message)
        self._dialing.confirmed(message.call)
        if isinstance(message, schemas.CallEnded):
            self._dialing.ended(child, message.call)
        self._report(message)

    def _on_child_lost(self, child: Child) -> None:
        for live in self._calls:
            if live.child is child:
                self._dialing.ended(child, live.call)
                self._report(
                    schemas.CallEnded(
                        call=live.call,
                        campaign=live.campaign,
                        node=self._config.node,
                        at=time.time(),
                        code=200 if live.answered_at else 0,
                        reason="The line process was lost",
                        ended_by="node",
                        answered=live.answered_at > 0,
                    )
                )
