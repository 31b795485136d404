"""The agent console's socket."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from channels.db import database_sync_to_async
from django.http import Http404
from django.utils import timezone

from accounts.choices import Capability
from accounts.models import User
from dialer.bus.schemas import Done, Failed
from dialer.live import frames, topics
from dialer.live.consumer import LiveConsumer
from dialer.live.redis import shared_redis

from . import audio, whereabouts
from .access import access_campaign_to_join
from .commands import OWN_COMMANDS, ROOM_COMMANDS, Join, MediaOffer, Switch
from .entries import publish_outside, room_let_go
from .holding import tab_of
from .rooms import ask_room, tell_away, tell_back
from .selectors import campaign_choices
from .services.end_session import end_session
from .services.enter_campaign import enter_campaign
from .services.open_session import open_session
from .services.see_session import see_session

SEEN_EVERY_S = 30.0
FREE_COMMANDS = frozenset({"campaigns", "take_over"})
"""Answered in a tab that does not hold the console too."""
TAKEN_TYPE = "console.taken"
"""Sent to the agent's group when a tab takes the console; the handler is ``console_taken``."""

CHOOSE = "Choose a campaign to begin."
OTHER_TAB = Failed(
    code="other_tab", message="The console is open in another tab. Take it over or use that one."
)
SIGNED_OUT = Failed(code="wrong_state", message="You have signed out. Reload the page to begin again.")
NO_CAMPAIGN = Failed(code="no_campaign", message="Join a campaign first.")
NOT_FOUND = Failed(code="not_found", message="That campaign takes no agents now. Choose one from the list.")

_open_session = database_sync_to_async(open_session)
_end_session = database_sync_to_async(end_session)
_enter_campaign = database_sync_to_async(enter_campaign)
_see_session = database_sync_to_async(see_session)
_campaign_choices = database_sync_to_async(campaign_choices)
_access_campaign = database_sync_to_async(access_campaign_to_join)


class AgentConsumer(LiveConsumer):
    """One tab of one agent's console; of several tabs one holds the console, the others are told."""

    capability = Capability.TAKE_CALLS
    commands = {**ROOM_COMMANDS, **OWN_COMMANDS}

    campaign: int | None = None
    holds = False
    _seen_at = 0.0

    def topic_of(self, person: User) -> str:
        """The agent's own topic."""
        return topics.agent_topic(person.pk)

    # --- coming and going ---------------------------------------------------------------------

    async def arrive(self) -> dict[str, Any]:
        """Open or go on with the session, unless another tab holds the console."""
        self.tab = tab_of(self.person.pk, self.scope.get("query_string", b""))
        await self._hold(by_force=False)
        started = self.opened.started_at.timestamp()
        return {"session": self.session, "session_started_at": started, "other_tab": not self.holds}

    async def _hold(self, *, by_force: bool) -> None:
        self.opened = await _open_session(self.person, timezone.now())
        self.session, self.campaign = self.opened.pk, self.opened.campaign_id
        self.holds = await self.tab.take(shared_redis(), by_force=by_force)
        if not self.holds:
            return
        taken = {"type": TAKEN_TYPE, "connection": self.tab.connection}
        await self.channel_layer.group_send(topics.group(self.topic), taken)
        campaign = await self._where()
        if campaign is None:
            await self._publish_outside(CHOOSE)
        else:
            await tell_back(shared_redis(), campaign, self.person, self.session)
            await audio.attach(shared_redis(), self.session, campaign)

    async def _where(self) -> int | None:
        """The campaign that has the agent now: rooms hand agents on to each other without asking the console."""
        found = await whereabouts.find(shared_redis(), self.session)
        if found is not None:
            self.campaign = found.campaign or None
        return self.campaign

    async def console_taken(self, event: dict[str, Any]) -> None:
        """A connection took the console. The word may be late; who holds it now stands in Redis."""
        if self.holds and event["connection"] != self.tab.connection:
            await self._or_try_again(self._keep_hold())

    async def _keep_hold(self) -> None:
        if not await self.tab.renew(shared_redis()):
            self.holds = False
            await self.close(frames.CLOSE_TAKEN_OVER)

    async def watch(self) -> None:
        """Renew the hold, and note that the agent is here."""
        if not self.holds:
            return
        await self._keep_hold()
        if self.holds and time.monotonic() - self._seen_at > SEEN_EVERY_S:
            self._seen_at = time.monotonic()
            await _see_session(self.session, timezone.now())

    async def depart(self) -> None:
        """Tell the room, unless another connection of the agent is there already."""
        if not self.holds or not await self.tab.release(shared_redis()):
            return
        await _see_session(self.session, timezone.now())
        campaign = await self._where()
        if campaign is not None:
            await tell_away(shared_redis(), campaign, self.person, self.session)

    # --- commands -----------------------------------------------------------------------------

    async def run_command(self, name: str, args: Any) -> Done | Failed:
        """Carry out a command here, or have the room of the agent's campaign do it."""
        if name not in FREE_COMMANDS:
            if not self.session:
                return SIGNED_OUT
            if not self.holds or not await self.tab.renew(shared_redis()):
                return OTHER_TAB
        if name in ROOM_COMMANDS:
            return await self._ask_room(name, msgspec.to_builtins(args))
        return await OWN_HANDLERS[name](self, args)

    async def _ask_room(self, name: str, args: dict[str, Any]) -> Done | Failed:
        campaign = await self._where()
        if campaign is None:
            return NO_CAMPAIGN
        return await ask_room(shared_redis(), campaign, self.person, self.session, name, args)

    async def _campaigns(self, args: Any) -> Done:
        return Done(data={"campaigns": await _campaign_choices(self.person)})

    async def _take_over(self, args: Any) -> Done:
        await self._hold(by_force=True)
        return Done(data={"session": self.session})

    async def _join(self, args: Join) -> Done | Failed:
        try:
            campaign = (await _access_campaign(self.person, args.campaign)).pk
        except Http404:
            return NOT_FOUND
        if await self._where() not in (None, campaign):
            left = await self._leave(args)
            if isinstance(left, Failed):
                return left
        given = {"name": self.person.display_name}
        answer = await ask_room(shared_redis(), campaign, self.person, self.session, "join", given)
        if isinstance(answer, Done):
            await self._now_in(campaign)
        return answer

    async def _now_in(self, campaign: int | None) -> None:
        await _enter_campaign(self.session, campaign)
        self.campaign = campaign
        await audio.attach(shared_redis(), self.session, campaign or 0)

    async def _leave(self, args: Any) -> Done | Failed:
        answer = await self._ask_room_to_let_go("leave")
        if isinstance(answer, Done):
            await self._now_in(None)
            await self._publish_outside(CHOOSE)
        return answer

    async def _ask_room_to_let_go(self, name: str) -> Done | Failed:
        """``Done`` too where the room let go before: its campaign has ended, and nobody would answer."""
        if await self._where() is None or await room_let_go(shared_redis(), self.person, self.session):
            return Done()
        answer = await self._ask_room(name, {})
        gone = isinstance(answer, Failed) and answer.code == "no_campaign"
        return Done() if gone else answer

    async def _sign_out(self, args: Any) -> Done | Failed:
        answer = await self._ask_room_to_let_go("sign_out")
        if isinstance(answer, Failed) and answer.code != "no_engine":
            return answer
        await audio.close(shared_redis(), self.session)
        await _end_session(self.session, "signed_out", timezone.now())
        await self._publish_outside("")
        await self.tab.release(shared_redis())
        self.campaign, self.holds, self.session = None, False, ""
        return Done()

    async def _media_offer(self, args: MediaOffer) -> Done | Failed:
        agent, campaign = self.person.pk, await self._where() or 0
        answer = await audio.answer_offer(shared_redis(), self.session, agent, campaign, args.sdp)
        now_in = await self._where() or 0
        if campaign != now_in:
            # Joined, left or handed on meanwhile, when it was not known yet which node would answer.
            await audio.attach(shared_redis(), self.session, now_in)
        return answer

    async def _echo(self, args: Switch) -> Done | Failed:
        return await audio.echo(shared_redis(), self.session, args.on)

    async def _publish_outside(self, notice: str) -> None:
        await publish_outside(shared_redis(), self.person, self.session, notice, time.time())


OWN_HANDLERS: dict[str, Callable[[AgentConsumer, Any], Awaitable[Done | Failed]]] = {
    "campaigns": AgentConsumer._campaigns,
    "take_over": AgentConsumer._take_over,
    "join": AgentConsumer._join,
    "leave": AgentConsumer._leave,
    "sign_out": AgentConsumer._sign_out,
    "media_offer": AgentConsumer._media_offer,
    "echo": AgentConsumer._echo,
}
