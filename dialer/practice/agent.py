"""A practice agent: does at the console's socket and at the phone what a person does with page and headset."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import structlog
from websockets.exceptions import InvalidHandshake

from .console import CommandRefused, Console
from .conversation import Conversation
from .dispositions import choose_disposition
from .headset import Headset
from .plan import Answer, behaviour_of

FINAL_CODES = {4403: "not allowed to take calls", 4409: "taken over by another tab"}
SIGNED_OUT = 4401
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 8.0
REOFFER_AFTER_S = 5.0
"""How long an offer has to bring the audio up before the next is made."""
LEAVE_LIMIT_S = 6.0
LOOK_EVERY_S = 0.25
PATIENCE_S = 1.0
"""After a refused command the same is not asked for again before this."""
CALLBACK_AFTER_S = 24 * 3600.0

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """How practice agents work. Ranges are seconds, drawn evenly for each call."""

    talk_s: tuple[float, float] = (6.0, 20.0)
    wrap_s: tuple[float, float] = (1.0, 4.0)
    campaign: str = ""
    """Name of the campaign to join; empty: the first that may be joined."""
    numbers: tuple[str, ...] = ()
    """What to dial by hand in a manual campaign, in turn."""
    takes_over: bool = True


class AgentStopped(Exception):
    """This agent cannot work; the message says why."""


class PracticeAgent:
    """One agent, from ``run`` until ``stop``."""

    def __init__(
        self,
        url: str,
        username: str,
        sign_in: Callable[[], Awaitable[str]],
        habits: Habits,
        on_conversation: Callable[[Conversation], None],
        chance: random.Random,
    ) -> None:
        self.username = username
        self.errors: dict[str, int] = {}
        """Refused commands by code."""
        self.reconnects = 0
        self.stopped_because = ""
        self._sign_in, self._habits, self._chance = sign_in, habits, chance
        self._on_conversation = on_conversation
        self._changed = asyncio.Event()
        self.console = Console(url, self._changed.set)
        self.headset = Headset(self.console.now)
        self._leaving = self._stopping = False
        self._left = asyncio.Event()
        self._reoffer_at = self._patient_until = 0.0
        self._talk: Conversation | None = None
        self._talk_until = self._wrap_until = 0.0
        self._disposed = ""
        """The call last disposed of: the answer may come before the change that shows it."""
        self._next_number = cycle(habits.numbers)

    # --- the connection ---------------------------------------------------------------------------------

    async def run(self) -> None:
        """Work until ``stop``. Raises ``AgentStopped`` where the server wants this agent no more."""
        tasks = {asyncio.create_task(self._stay_connected()), asyncio.create_task(self._act())}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.headset.close()
            self.headset.listener.close()

    async def _stay_connected(self) -> None:
        cookie, failures = await self._sign_in(), 0
        while not self._stopping:
            was = self.console.times_live
            code = await self._hold_connection(cookie)
            if self._stopping:
                return
            if code in FINAL_CODES:
                raise AgentStopped(FINAL_CODES[code])
            if code == SIGNED_OUT:
                cookie = await self._sign_in()
            failures = 1 if self.console.times_live > was else failures + 1
            self.reconnects += 1
            await asyncio.sleep(self._retry_after_s(failures))

    def _retry_after_s(self, failures: int) -> float:
        ceiling = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** (failures - 1))
        return max(FIRST_RETRY_S, ceiling * self._chance.uniform(0.5, 1.0))

    async def _hold_connection(self, cookie: str) -> int:
        try:
            return await self.console.run(cookie)
        except (OSError, InvalidHandshake):
            return 1006

    async def stop(self) -> None:
        """Hang up, dispose, sign out; what takes longer than ``LEAVE_LIMIT_S`` is left undone."""
        self._leaving = True
        self._talk_until = self._wrap_until = 0.0
        if self.console.live:
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVE_LIMIT_S):
                    await self._left.wait()
        self._stopping = True
        await self.console.close()

    # --- what a person would do -------------------------------------------------------------------------

    async def _act(self) -> None:
        """Look at the console after every change and now and then; do the one thing that is due."""
        while True:
            self._changed.clear()
            try:
                acted = await self._step() if self.console.live and not self._stopping else False
            except CommandRefused as error:
                self._note_refusal(error)
                self._patient_until = self.console.now() + PATIENCE_S
                acted = False
            if not acted:
                await self._wait_for_change()

    async def _wait_for_change(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._changed.wait()

    def _note_refusal(self, error: CommandRefused) -> None:
        self.errors[error.code] = self.errors.get(error.code, 0) + 1
        log.info("practice_command_refused", agent=self.username, code=error.code, message=str(error))

    async def _step(self) -> bool:
        """One look; returns whether something was done."""
        state, now = self.console.state, self.console.now()
        me = state.get("agent")
        if self.console.other_tab and self._habits.takes_over:
            self.console.other_tab = False
            await self.console.command("take_over")
            return True
        if not me or self._left.is_set():
            return False
        self.headset.belongs_to(me["id"])
        self.headset.checked = me["audio_checked"]
        if await self._mind_call(state.get("call"), state.get("lead"), now):
            return True
        if now < self._patient_until:
            return False
        if not me["campaign"] and not self._leaving:
            return await self._join(now)
        if me["media"] != "up" and not self._leaving and now >= self._reoffer_at:
            self._reoffer_at = now + REOFFER_AFTER_S
            await self.headset.connect(self._media_answer)
            return True
        return await self._by_state(me, state.get("call"), now)

    async def _by_state(self, me: dict[str, Any], call: dict[str, Any] | None, now: float) -> bool:
        match me["state"]:
            case "paused" | "ready" | "preview" if self._leaving:
                await self.console.command("sign_out")
                self._left.set()
            case "paused" if me["media"] == "up" and me["audio_checked"]:
                await self.console.command("ready")
            case "ready" if me["campaign"]["method"] == "manual" and self._habits.numbers:
                self._patient_until = now + PATIENCE_S
                await self.console.command("dial", number=next(self._next_number))
            case "preview":
                self._patient_until = now + PATIENCE_S
                await self.console.command("preview_dial")
            case "wrapup" if call:
                return await self._dispose(call, now)
            case _:
                return False
        return True

    async def _join(self, now: float) -> bool:
        offered = (await self.console.command("campaigns"))["campaigns"]
        wanted = [row for row in offered if self._habits.campaign in ("", row["name"])]
        if not wanted:
            self._patient_until = now + PATIENCE_S
            return False
        await self.console.command("join", campaign=wanted[0]["id"])
        if self.headset.connected:
            self._reoffer_at = now + REOFFER_AFTER_S
        return True

    async def _media_answer(self, offer: str) -> str:
        return str((await self.console.command("media_offer", sdp=offer))["sdp"])

    # --- the call ---------------------------------------------------------------------------------------

    async def _mind_call(self, call: dict[str, Any] | None, lead: dict[str, Any] | None, now: float) -> bool:
        talk = self._talk
        if talk and not talk.ended_at and (not call or call["id"] != talk.call or call["stage"] == "ended"):
            self._end(talk, now)
        if not call or call["stage"] != "connected":
            return False
        if talk is None or talk.call != call["id"]:
            talk = self._begin(call, self.console.state["agent"]["id"], now)
        if lead and not talk.on_screen_at:
            talk.on_screen_at = now
            await self.console.command("shown", call=talk.call)
            return True
        if now >= max(self._talk_until, self._patient_until) and not talk.ended_by:
            await self.console.command("hangup")
            talk.ended_by = talk.ended_by or "agent"
            return True
        return False

    def _begin(self, call: dict[str, Any], user: int, now: float) -> Conversation:
        if self._talk:
            self._report()
        talk = self._talk = Conversation(
            call=call["id"],
            number=call["number"],
            kind=call["kind"],
            agent=user,
            placed_at=call["placed_at"] or 0.0,
            answered_at=call["answered_at"] or 0.0,
            connected_at=call["connected_at"] or 0.0,
        )
        self._talk_until = 0.0 if self._leaving else now + self._chance.uniform(*self._habits.talk_s)
        self._wrap_until = 0.0
        self.headset.talking = True
        self.headset.listener.begin(talk, now)
        return talk

    def _end(self, talk: Conversation, now: float) -> None:
        talk.ended_by = talk.ended_by or "far_end"
        self.headset.talking = False
        self.headset.listener.end(now)
        self._wrap_until = 0.0 if self._leaving else now + self._chance.uniform(*self._habits.wrap_s)

    async def _dispose(self, call: dict[str, Any], now: float) -> bool:
        if now < self._wrap_until or call["id"] == self._disposed:
            return False
        talk = self._talk if self._talk and self._talk.call == call["id"] else None
        machine = talk.machine if talk else False
        machine = machine or behaviour_of(call["number"]).answer is Answer.MACHINE
        rule = choose_disposition(self.console.state.get("dispositions") or [], machine, self._chance)
        if rule is None:
            return False
        args: dict[str, Any] = {"call": call["id"], "disposition": rule["id"]}
        args["then"] = "pause" if self._leaving else "ready"
        if rule["meaning"] == "callback":
            args |= {"callback_at": now + CALLBACK_AFTER_S, "callback_mine": False}
        await self.console.command("dispose", **args)
        self._disposed = call["id"]
        if talk:
            talk.disposition = rule["code"]
            self._report()
        return True

    def _report(self) -> None:
        talk, self._talk = self._talk, None
        if talk:
            self._on_conversation(talk)
