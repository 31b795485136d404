"""The room itself: what it holds, and where each message goes."""

from __future__ import annotations

from collections import deque
from random import Random, SystemRandom
from typing import Any, Protocol

from agents.choices import AgentState
from agents.states import AgentEvent, transition
from agents.whereabouts import Whereabouts
from dialer.bus import schemas
from dialer.calls.choices import Stage
from dialer.live.topics import agent_topic
from dialer.pacing import Pacer
from dialer.pacing.contract import AgentView, LineView, PacingEvent

from . import views
from .config import RoomConfig, Tally, TrunkRule
from .effects import Effects, TopicChange
from .limits import Decision
from .model import LiveCall, Seat
from .pacing import Pacing, pacing_settings
from .recent import Recent
from .siblings import Siblings

CALL_ID_BITS = 128
GOES_ON = (AgentEvent.HOLD, AgentEvent.UNHOLD, AgentEvent.HAND_OVER)
"""What an agent does goes on through these: the talk, or the wait for a call."""


class Board(Protocol):
    """What the room may know of trunks and nodes (``dialer.engine.board``)."""

    def reserve(self, trunks: tuple[TrunkRule, ...], now: float) -> tuple[int, str] | None:
        """A trunk and a line node for one call, counted as in use from now on."""

    def adopt(self, trunk: int) -> None:
        """A call that a predecessor placed uses the trunk."""

    def release(self, trunk: int, node: str) -> None:
        """The call is over."""

    def succeeded(self, trunk: int, now: float) -> None:
        """The trunk carried a call."""

    def failed(self, trunk: int, code: int, why: str, now: float) -> None:
        """The trunk did not."""

    def media_address(self, node: str) -> str:
        """Where a media node takes audio, empty when it is not alive."""

    def notice(self, trunks: tuple[TrunkRule, ...], now: float) -> str:
        """Why nothing can be dialed, in words; empty when something can."""


class Room:
    """One campaign's agents and lines, and the decisions about them. Not thread-safe, does no I/O."""

    def __init__(
        self, config: RoomConfig, board: Board, tally: Tally | None = None, chance: Random | None = None
    ) -> None:
        self.config = config
        self.board = board
        self.tally = tally or Tally()
        self.chance: Random = chance or SystemRandom()
        """Where ids and keys come from: the system's secrets, but in a simulation that must repeat itself."""
        self.seats: dict[int, Seat] = {}
        self.calls: dict[str, LiveCall] = {}
        self.answers = Recent()
        """Calls whose answer has been taken."""
        self.over: set[str] = set()
        """Calls whose end has come too, and only waits to be taken: nobody is joined with them any more."""
        self.previews: dict[int, tuple[LiveCall, float]] = {}
        """Agent → the call offered and until when."""
        self.waiting: deque[str] = deque()
        """Answered calls that wait for an agent, in order."""
        self.hopper: deque[dict[str, Any]] = deque()
        self.hopper_empty = False
        """The database has no more due leads at the moment."""
        self.callbacks: dict[int, dict[str, Any]] = {}
        """Agent → their callback that is due."""
        self.pacing = Pacing(config, self.tally)
        self.decision = Decision()
        """What the pacer wanted last, and what came of it."""
        self.agent_views: dict[int, tuple[AgentState | None, AgentView | None]] = {}
        self.line_views: dict[str, tuple[Stage | None, LineView | None]] = {}
        """What the pacer was shown last of each agent and each call (``sight``)."""
        self.siblings = Siblings()
        self.effects = Effects()
        self._touched_seats: set[int] = set()
        self._touched_calls: set[str] = set()

    # --- small tools that the parts of the room share ---

    def take_effects(self) -> Effects:
        """Everything asked for since the last call, with the views of what changed."""
        for call_id in self._touched_calls:
            call = self.calls.get(call_id)
            self.effects.kept_calls[call_id] = call
            if call is not None and call.agent in self.seats:
                self.show_call(call)
        for agent in self._touched_seats:
            seat = self.seats.get(agent)
            self.effects.kept_seats[agent] = seat
            if seat is not None:
                self.tell(agent, "agent", views.agent_view(seat, self.config, self.notice_for(seat)))
        self._touched_calls.clear()
        self._touched_seats.clear()
        effects, self.effects = self.effects, Effects()
        return effects

    @property
    def pacer(self) -> Pacer:
        """What decides how many lines to place."""
        return self.pacing.pacer

    def configure(self, config: RoomConfig) -> None:
        """Take new settings; what the pacer learned and its account stay."""
        before, self.config = self.config, config
        if pacing_settings(before) != pacing_settings(config):
            self.pacing.refit(config, self.tally, self.pacing.learner.state())

    def recount(self, tally: Tally) -> None:
        """Take counts that were read again."""
        self.tally = self.pacing.tally = tally

    def touch(self, thing: Seat | LiveCall) -> None:
        """The seat or call changed: keep it and show it."""
        if isinstance(thing, Seat):
            self._touched_seats.add(thing.id)
        else:
            self._touched_calls.add(thing.id)

    def touch_all_seats(self) -> None:
        """Something that every console shows has changed."""
        self._touched_seats.update(self.seats)

    def tell(self, agent: int, type_: str, data: Any) -> None:
        """Change one type of an agent's topic."""
        self.effects.topics.append(TopicChange(agent_topic(agent), type_, data))

    def show_lead(self, agent: int, lead: dict[str, Any] | None) -> None:
        """Put a lead on an agent's screen, or take it away."""
        self.tell(agent, "lead", views.lead_view(lead, self.config) if lead else None)

    def show_call(self, call: LiveCall) -> None:
        """Bring the call card of the call's agent up to date."""
        offered = self.previews.get(call.agent)
        until = offered[1] if offered and offered[0] is call else 0.0
        if until or self.seats[call.agent].call == call.id:
            self.tell(call.agent, "call", views.call_view(call, self.config, until))

    def note(self, record: str, at: float, **values: Any) -> None:
        """Write one line of the journal."""
        self.effects.journal.append({"t": record, "at": at, **values})

    def answer(self, reply_to: str, data: dict[str, Any] | None = None) -> None:
        """The request was carried out."""
        if reply_to:
            self.effects.replies.append((reply_to, schemas.Done(data=data or {})))

    def refuse(self, reply_to: str, code: str, message: str) -> None:
        """The request was not carried out."""
        if reply_to:
            self.effects.replies.append((reply_to, schemas.Failed(code=code, message=message)))

    def to_line(self, call: LiveCall, message: schemas.Message) -> None:
        """Send a command to the node that carries the call."""
        if call.node:
            self.effects.to_line.append((call.node, message))

    def to_media(self, seat: Seat, message: schemas.Message) -> None:
        """Send a command to the node that holds the agent's session."""
        if seat.media_node:
            self.effects.to_media.append((seat.media_node, message))

    def observe(
        self, kind: Any, now: float, seconds: float = 0.0, cause: str = "", call: LiveCall | None = None
    ) -> None:
        """Tell the pacer; ``call``: whose lead it was."""
        sort = str(call.request.get("lead_kind", "")) if call else ""
        self.pacing.observe(PacingEvent(kind=kind, at=now, seconds=seconds, cause=cause, lead_kind=sort))

    def move(self, seat: Seat, event: AgentEvent, now: float, reason: str = "") -> None:
        """Take an agent to the state that the event leads to. Raises ``IllegalTransition``."""
        before, after = seat.state, transition(seat.state, event)
        if before in (AgentState.TALKING, AgentState.HOLD) and after not in (
            AgentState.TALKING,
            AgentState.HOLD,
        ):
            call = self.calls.get(seat.call)
            talked = now - (call.connected_at if call and call.connected_at else seat.since)
            seat.connected_s += talked
            self.observe("talk_ended", now, talked)
        if before == AgentState.WRAPUP:
            self.observe("wrapup_ended", now, now - seat.since)
        seat.sequence += 1
        self.note(
            "agent",
            now,
            session=seat.session,
            sequence=seat.sequence,
            event=event,
            reason=reason,
            call=seat.call,
            **{"from": before, "to": after},
        )
        if event not in GOES_ON:
            seat.since = now
        seat.state, seat.reason = after, reason
        self.touch(seat)

    def sits(self, session: str, where: Whereabouts) -> None:
        """Say where a session's agent sits from now on."""
        self.siblings.sits[session] = self.effects.whereabouts[session] = where

    def new_call(
        self, number: str, kind: str, lead: dict[str, Any] | None, request: dict[str, Any]
    ) -> LiveCall:
        """A call that is about to be dialed (or offered); not yet among the room's calls."""
        attempt = int(request.get("attempts", 0)) + 1
        return LiveCall(
            id=f"{self.chance.getrandbits(CALL_ID_BITS):032x}",
            number=number,
            kind=kind,
            lead=lead,
            request=request,
            attempt=attempt,
        )

    def forget(self, call: LiveCall) -> None:
        """The call needs the room no longer."""
        self.line_views.pop(call.id, None)
        if self.calls.pop(call.id, None) is not None:
            self.touch(call)

    @property
    def live_calls(self) -> list[LiveCall]:
        """Calls on a line."""
        return [call for call in self.calls.values() if call.live]

    @property
    def free_seats(self) -> list[Seat]:
        """Agents who may be joined with somebody now: ready, not about to leave, with audio on a node that lives."""
        ready = [seat for seat in self.seats.values() if seat.state == AgentState.READY and not seat.leaving]
        return [seat for seat in ready if self.board.media_address(seat.media_node)]

    def skill_of(self, request: dict[str, Any]) -> int:
        """The skill that a lead's list asks for now, 0 for none; by the request as hopper and call keep it."""
        return self.config.roster.list_skills.get(int(request.get("list", 0)), 0)

    def may_take(self, seat: Seat, request: dict[str, Any]) -> bool:
        """Whether the agent has the skill that the lead's list asks for."""
        return self.config.roster.can(seat.id, self.skill_of(request))

    def notice_for(self, seat: Seat) -> str:
        """Why no call comes to this agent, in words; empty where one may come at any moment."""
        if seat.state not in (AgentState.READY, AgentState.PAUSED):
            return ""
        if self.config.dialing_stopped:
            return self.config.stopped_note or "All dialing is stopped by a supervisor."
        if self.config.status != "running":
            return self.config.status_note
        if self.config.method == "manual":
            return "Enter a number to call."
        blocked = self.board.notice(self.config.trunks, 0.0)
        if blocked:
            return blocked
        if self.hopper_empty and not any(self.may_take(seat, due["request"]) for due in self.hopper):
            return "No lead is due now: the lists are finished, waiting for their time, or outside the calling hours."
        return ""
