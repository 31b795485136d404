"""The runner of one room: brings it messages and time, and carries out what it decides."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

import structlog
from django.db import Error as DatabaseError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from compliance.gate import Gate
from dialer.bus import schemas
from dialer.bus.ending import end
from dialer.calls.services.place_calls import NotPlaced, Placed

from . import database, fence, hopper, keeping, requests
from .board import Board
from .clock import Clock
from .floor import FloorView
from .hands import Hands
from .journal import Bookkeeper, JournalWriter
from .placer import Placer, wishes_for
from .promises import Promises
from .recovery import Claims
from .room import choosing, connections, dispatch, handing, lines, placing, timers
from .room.config import RoomConfig
from .room.effects import Effects
from .room.leaving import leave_room
from .room.model import LiveCall
from .room.room import Room
from .siblings import EXCHANGE_EVERY_S, SiblingLink

log = structlog.get_logger(__name__)
REFILL_PAUSE_S = 2.0
"""After an empty page the database is asked again this much later."""
FIRST_REFILL_AFTER_S, REFILL_REST_S = 0.5, 1.0
"""Rooms that were taken over route answers first, and fill up slowly while they have leads left to dial: forty pages of
leads at once kept a core busy for a second and a half."""
CALLBACKS_EVERY_S = 5.0
SKIP_REST_S = 600.0
"""A lead that an agent passed over in preview comes back after this."""
FLOOR_EVERY_S = 0.5
PACER_EVERY_S = 5.0
REDIS_RETRY_S = 0.5
JOB_RETRY_S = 1.0
HANDING_OVER = "Another daemon takes over: calls go on, new ones wait."
NOT_JUDGED = "The call could not be prepared; the log says why. Try again in a moment."
COMMAND_LIFE_S = 15.0
"""Consoles give up after 5 s; a join that was acted on later would seat an agent who is not there."""


class Runner:
    """One leased campaign. ``inbox`` takes (position, message) from the daemon's reader."""

    def __init__(
        self,
        redis: Redis,
        room: Room,
        board: Board,
        gate: Gate,
        clock: Clock,
        epoch: int,
        placer: Placer | None = None,
        bookkeeper: Bookkeeper | None = None,
    ) -> None:
        self.redis, self.room, self.board, self.gate = redis, room, board, gate
        self.clock, self.epoch = clock, epoch
        self.placer = placer or Placer(gate)
        self.campaign = room.config.campaign
        self.inbox: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.journal = JournalWriter(self.campaign, epoch, bookkeeper or Bookkeeper(redis))
        self.floor = FloorView(redis, room, board)
        self.claims = Claims(room, epoch)
        self.hands = Hands(redis, room, clock, epoch)
        self.siblings, self.promises = SiblingLink(redis, room), Promises(room, self._in_use)
        self.fenced = asyncio.Event()
        self.dialing_held = ""
        """Why no call is placed although the room would: the database or Redis is away."""
        self._position, self._paced_at = "", 0.0
        self._skipped: dict[int, float] = {}
        self._last_refill, self._page_leads = 0.0, hopper.FIRST_PAGE_LEADS
        self._placing: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Work until cancelled or fenced."""
        side = [
            *(self._refill, self._callbacks, self._show_floor, self._keep_pacer),
            *(self._know_siblings, self.journal.run),
        ]
        tasks = [
            asyncio.create_task(self._decide()),
            asyncio.create_task(self._go_on(self.hands.show_all)),
            *(asyncio.create_task(self._go_on(job)) for job in side),
        ]
        fenced = asyncio.create_task(self.fenced.wait())
        try:
            done, _ = await asyncio.wait([*tasks, fenced], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {fenced}:
                task.result()
        finally:
            await end([*tasks, fenced, *self._placing])

    async def _go_on(self, job: Callable[[], Awaitable[None]]) -> None:
        """Work beside the decisions must not end them: an error is logged and the work begins again."""
        while True:
            try:
                await job()
            except fence.Superseded:
                self._stand_back()
                return
            except Exception:
                log.exception("room_job_failed", campaign=self.campaign, job=job.__name__)
                await asyncio.sleep(JOB_RETRY_S)

    # --- deciding ---

    async def _decide(self) -> None:
        """The loop: whatever has come, then time; once that is carried out, pace: nobody who answered waits for it."""
        while True:
            messages = await self._next_messages()
            await self.siblings.look_up([message for _, message in messages], self.hands.whereabouts)
            self.room.over = {
                message.call for _, message in messages if isinstance(message, schemas.CallEnded)
            }
            for position, message in messages:
                self._take(position, message)
            self.room.over.clear()
            now = self.clock.now()
            self.claims.settle(now)
            timers.tick(self.room, now)
            await self._carry_out()
            if not self.dialing_held and self._pacing_is_due(messages, now):
                self._paced_at = now
                placing.pace(self.room, self.clock.now())
                await self._carry_out()

    def _pacing_is_due(self, messages: Collection[tuple[str, Any]], now: float) -> bool:
        """Where nothing has happened the pacer is asked less often than the room looks at its limits."""
        heard = any(not isinstance(message, placing.QUIET) for _, message in messages)
        return heard or now - self._paced_at >= placing.PACE_EVERY_S

    async def _next_messages(self) -> list[tuple[str, Any]]:
        # Not wait_for: in Python 3.11 it loses a cancellation that meets a message, and the room would never end.
        try:
            async with asyncio.timeout(timers.TICK_S):
                first = await self.inbox.get()
        except TimeoutError:
            return []
        rest = [self.inbox.get_nowait() for _ in range(self.inbox.qsize())]
        return [first, *rest]

    def _take(self, position: str, message: Any) -> None:
        """One message; one that the room trips over is logged and passed, it must not stop the floor."""
        if position:
            self._position = position
        try:
            if callable(message):
                message()
            elif isinstance(message, schemas.ClaimDone):
                self.claims.done(message)
            elif isinstance(message, schemas.AgentCommand) and self._stale(position):
                log.info("stale_command_passed_over", campaign=self.campaign, command=message.name)
            else:
                if isinstance(message, schemas.LineEvent | schemas.MediaEvent):
                    message = self.board.on_our_clock(message)
                dispatch.handle(self.room, message, self.clock.now())
        except Exception:
            log.exception("room_message_failed", campaign=self.campaign, kind=type(message).__name__)

    def _stale(self, position: str) -> bool:
        """A command that waited so long for a daemon that its sender was told of a failure."""
        return self.clock.age(position) > COMMAND_LIFE_S

    async def _carry_out(self) -> None:
        if not self.hands.busy:
            self.hands.catch_up()
            self.hands.take(self.room.take_effects(), self._position)
            self._position = ""
        try:
            done = await self.hands.carry_out()
        except keeping.Fenced:
            self._stand_back()
            await asyncio.Event().wait()
        except RedisError:
            self.dialing_held = "Redis is away: calls go on, new ones wait."
            await asyncio.sleep(REDIS_RETRY_S)
        else:
            if done is not None:
                await self._follow(done)

    async def _follow(self, done: Effects) -> None:
        """What comes after a batch that stands."""
        if self.dialing_held.startswith("Redis"):
            self.dialing_held = ""
        self.journal.wake()
        self.hands.show(done)
        self._start_work(done)

    def _stand_back(self) -> None:
        """Another daemon has followed: decide no more."""
        log.warning("room_fenced", campaign=self.campaign, epoch=self.epoch)
        self.fenced.set()

    def _start_work(self, effects: Effects) -> None:
        if effects.place:
            self._spawn(self._place(effects.place))
        for reply_to, agent, args in effects.lookups:
            self._spawn(requests.look_up_and_dial(self, reply_to, agent, args))
        for reply_to, lead, agent, fields in effects.save_lead:
            self._spawn(requests.save_fields(self, reply_to, lead, agent, fields))
        for lead in effects.skipped:
            self._skipped[lead] = self.clock.now() + SKIP_REST_S

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._placing.add(task)
        task.add_done_callback(self._placing.discard)

    def post(self, action: Any) -> None:
        """Let the deciding loop run ``action`` in its turn."""
        self.inbox.put_nowait(("", action))

    # --- placing ---

    async def _place(self, calls: list[LiveCall]) -> None:
        wishes = wishes_for(calls, self.room.config, self.epoch)
        answers: list[Placed | NotPlaced]
        try:
            answers = await self.placer.place(self.campaign, self.epoch, wishes)
        except fence.Superseded:
            self._stand_back()
            return
        except DatabaseError:
            log.error("calls_not_written", campaign=self.campaign, count=len(calls))
            self.dialing_held = "The database is away: calls go on, new ones wait."
            answers = [NotPlaced(call.id, "refused", self.dialing_held) for call in calls]
        except Exception:
            log.exception("calls_not_judged", campaign=self.campaign, count=len(calls))
            answers = [NotPlaced(call.id, "refused", NOT_JUDGED) for call in calls]
        self.post(lambda: self._placed(answers))

    def _placed(self, answers: list[Placed | NotPlaced]) -> None:
        now = self.clock.now()
        for answer in answers:
            if isinstance(answer, Placed):
                placing.placed(self.room, answer.call, answer.permit, answer.permit_id, answer.caller_id, now)
            else:
                placing.not_placed(self.room, answer.call, answer.code, answer.message, now)

    # --- the hopper ---

    def _in_use(self) -> set[int]:
        now = self.clock.now()
        self._skipped = {lead: until for lead, until in self._skipped.items() if until > now}
        held = {int(item["screen"]["id"]) for item in self.room.hopper}
        held |= {call.lead_id for call in self.room.calls.values()}
        held |= {call.lead_id for call, _ in self.room.previews.values()}
        return held | set(self._skipped)

    async def _refill(self) -> None:
        await asyncio.sleep(FIRST_REFILL_AFTER_S)
        while True:
            await asyncio.sleep(0.1)
            room = self.room
            low, without = choosing.shortage(room)
            rest_s = REFILL_PAUSE_S if room.hopper_empty else REFILL_REST_S if room.hopper else 0.0
            due = self.clock.now() - self._last_refill >= rest_s
            if low and due and room.config.dials and room.config.method != "manual":
                self._last_refill = self.clock.now()
                await self._refill_once(room.config, without)

    async def _refill_once(self, config: RoomConfig, without: Collection[int]) -> None:
        try:
            leads, empty = await database.write_ahead(
                hopper.refill, config, self.gate, self._in_use(), self._page_leads, without
            )
        except DatabaseError:
            log.error("hopper_not_filled", campaign=self.campaign)
            await asyncio.sleep(REFILL_PAUSE_S)
            return
        self._page_leads = hopper.PAGE_LEADS
        if self.dialing_held.startswith("The database"):
            self.dialing_held = ""

        def fill() -> None:
            held = self._in_use()
            self.room.hopper.extend(item for item in leads if int(item["screen"]["id"]) not in held)
            choosing.return_unwanted(self.room)
            if self.room.hopper_empty != empty:
                self.room.hopper_empty = empty
                self.room.touch_all_seats()

        self.post(fill)

    async def _callbacks(self) -> None:
        while True:
            await asyncio.sleep(CALLBACKS_EVERY_S)
            agents = list(self.room.seats)
            if agents:
                with contextlib.suppress(DatabaseError):
                    listed, due = await database.read(hopper.promises, self.room.config, agents)
                    self.post(partial(self.promises.take, listed, due))

    # --- settings and the floor ---

    def configure(self, config: RoomConfig) -> None:
        """Take new settings at once."""

        def change() -> None:
            before = self.room.config
            self.room.configure(config)
            if before.dials and not config.dials and (config.dialing_stopped or config.status == "stopped"):
                placing.drop_unanswered(self.room, self.clock.now())
            elif before.dials and not config.dials:
                self.room.hopper.clear()
            if before != config:
                self.room.touch_all_seats()

        self.post(change)

    async def _show_floor(self) -> None:
        while True:
            await asyncio.sleep(FLOOR_EVERY_S)
            with contextlib.suppress(RedisError):
                await self.floor.publish(self.clock.now(), self.dialing_held)

    async def _know_siblings(self) -> None:
        while True:
            await asyncio.sleep(EXCHANGE_EVERY_S)
            if self.room.config.roster.siblings:
                with contextlib.suppress(RedisError):
                    states = await self.siblings.exchange(bool(self.dialing_held))
                    self.post(partial(self.siblings.take, states))

    async def _keep_pacer(self) -> None:
        while True:
            await asyncio.sleep(PACER_EVERY_S)
            with contextlib.suppress(RedisError):
                await keeping.keep_learned(self.redis, self.campaign, self.room.pacing.learner.state())

    def lose_nodes(self, lines: set[str], media: set[str]) -> None:
        """Some nodes are no longer alive."""

        def change() -> None:
            now = self.clock.now()
            for node in media:
                connections.lose_media_node(self.room, node, now)
            for node in lines:
                connections.lose_line_node(self.room, node, now)

        if lines or media:
            self.post(change)

    def stop_number(self, number: str) -> None:
        """The number asked not to be called: what rings there ends."""

        def stop() -> None:
            for call in self.room.live_calls:
                if call.number == number:
                    lines.cancel(self.room, call, self.clock.now())

        self.post(stop)

    def dismiss_agents(self) -> None:
        """The campaign is over: its agents go to others that share them, or back to choosing one."""

        def dismiss() -> None:
            reason = self.room.config.status_note or "campaign stopped"
            for seat in list(self.room.seats.values()):
                if not handing.send_on(self.room, seat):
                    leave_room(self.room, seat, self.clock.now(), reason)

        self.post(dismiss)

    async def settle(self, limit_s: float) -> None:
        """Place nothing more, and let what is being written be ordered; the next one clears away what is not."""
        self.dialing_held = HANDING_OVER
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while self._placing or not self.inbox.empty() or self.hands.busy or self.hands.showing:
                    await asyncio.sleep(0.01)

    def idle(self) -> bool:
        """Whether nothing is left to do for a campaign that is stopped or drained."""
        return not self.room.calls and not self._placing and not self.journal.behind
