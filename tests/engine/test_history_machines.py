"""Whatever agents do and lines say, late, twice, crossing and across takeovers: the journal keeps every promise."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dialer.bus import schemas
from dialer.engine import recovery
from dialer.engine.history import agents, calls
from dialer.engine.history.spells import overlapping
from dialer.engine.keeping import Kept
from dialer.engine.room import connections
from dialer.engine.room.config import Tally
from dialer.engine.room.model import LiveCall, Seat
from dialer.engine.room.room import Room

from . import stories
from .rooms import CAMPAIGN, World

pytestmark = pytest.mark.unit
AGENTS = st.integers(1, 3)
RESENT_MOST = 6


@dataclass(slots=True)
class Line:
    """A call at its node."""

    stage: str = "ordered"
    answered_at: float = 0.0

    @property
    def up(self) -> bool:
        return self.stage not in ("ordered", "ended")


class Floor(RuleBasedStateMachine):
    """A room, a node that says everything in order and some of it twice, and daemons that follow each other."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(wrapup_limit_s=20.0)
        self.lines: dict[str, Line] = {}
        self.unsaid: deque[schemas.Message] = deque()
        self.said: deque[schemas.Message] = deque(maxlen=RESENT_MOST)
        self.heard = 0
        self.seats: dict[int, bytes] = {}
        self.calls: dict[str, bytes] = {}
        self.lead = 100

    # --- the node ---------------------------------------------------------------------------------

    def say(self, kind: Any, call: str, **more: Any) -> None:
        """Owe an event to the room."""
        event = kind(call=call, campaign=CAMPAIGN, node="line-1", at=self.world.now, **more)
        self.unsaid.append(event)

    def obey(self) -> None:
        """Carry out what the room has ordered since, and keep what it wants kept."""
        for message in self.world.sent[self.heard :]:
            line = self.lines.get(getattr(message, "call", ""))
            if isinstance(message, schemas.Originate) and line is None:
                self.lines[message.call] = Line()
            elif isinstance(message, schemas.Hangup) and line is not None and line.stage != "ended":
                self.end_line(message.call, 200 if line.answered_at else 487, "us")
            elif isinstance(message, schemas.PlayThenHangup) and line is not None and line.up:
                self.say(schemas.CallPrompt, message.call, prompt=message.prompt, finished=False)
                self.end_line(message.call, 200, "us")
            elif isinstance(message, schemas.Join):
                agent = int(message.session[1:])
                self.world.media(schemas.Joined, agent, call=message.call)
        self.heard = len(self.world.sent)
        self.keep()

    def keep(self) -> None:
        """What rests in Redis, as bytes: nothing of the living room leaks into its successor."""
        room = self.world.room
        self.seats = {id_: msgspec.msgpack.encode(seat) for id_, seat in room.seats.items()}
        self.calls = {id_: msgspec.msgpack.encode(call) for id_, call in room.calls.items()}

    def end_line(self, call: str, code: int, by: str) -> None:
        """The line is free."""
        answered = self.lines[call].answered_at > 0
        self.lines[call].stage = "ended"
        self.say(schemas.CallEnded, call, code=code, ended_by=by, answered=answered)

    def having(self, *stages: str) -> list[str]:
        """Calls whose line stands so."""
        return [call for call, line in self.lines.items() if line.stage in stages]

    @initialize()
    def two_agents_are_ready(self) -> None:
        for agent in (1, 2):
            self.world.agent(agent)
        self.obey()

    @rule(count=st.integers(1, 3))
    def dial(self, count: int) -> None:
        self.world.beat()
        self.world.place(*range(self.lead, self.lead + count))
        self.lead += count
        self.obey()

    @precondition(lambda self: self.having("ordered"))
    @rule(data=st.data())
    def an_invite_leaves(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(self.having("ordered")))
        self.lines[call].stage = "trying"
        self.say(schemas.CallTrying, call, **stories.EVIDENCE)

    @precondition(lambda self: self.having("trying"))
    @rule(data=st.data())
    def it_rings(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(self.having("trying")))
        self.lines[call].stage = "ringing"
        self.say(schemas.CallRinging, call)

    @precondition(lambda self: self.having("trying", "ringing"))
    @rule(data=st.data())
    def somebody_answers(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(self.having("trying", "ringing")))
        self.lines[call].stage, self.lines[call].answered_at = "answered", self.world.now
        self.say(schemas.CallAnswered, call)

    @precondition(lambda self: [call for call in self.having("ended") if not self.lines[call].answered_at])
    @rule(data=st.data())
    def somebody_answers_a_call_that_was_given_up(self, data: st.DataObject) -> None:
        given_up = [call for call in self.having("ended") if not self.lines[call].answered_at]
        call = data.draw(st.sampled_from(given_up))
        self.lines[call].stage, self.lines[call].answered_at = "answered", self.world.now
        self.say(schemas.CallAnswered, call, crossed_cancel=True)

    @precondition(lambda self: self.having("answered"))
    @rule(data=st.data())
    def the_node_plays_the_message_itself(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(self.having("answered")))
        self.say(schemas.CallPrompt, call, prompt="x", finished=False, by_node=True)

    @precondition(lambda self: self.having("trying", "ringing", "answered"))
    @rule(
        data=st.data(),
        code=st.sampled_from([0, 404, 486, 487, 503]),
        by=st.sampled_from(["far", "node", "timeout"]),
    )
    def the_far_end_is_done(self, data: st.DataObject, code: int, by: str) -> None:
        call = data.draw(st.sampled_from(self.having("trying", "ringing", "answered")))
        self.end_line(call, 200 if self.lines[call].answered_at else code, by)

    @rule(count=st.integers(1, 8))
    def events_arrive(self, count: int) -> None:
        for _ in range(min(count, len(self.unsaid))):
            event = self.unsaid.popleft()
            self.said.append(event)
            self.world.tell(event)
            self.obey()

    @rule(count=st.integers(1, RESENT_MOST))
    def the_last_events_arrive_again(self, count: int) -> None:
        for event in list(self.said)[-count:]:
            self.world.tell(event)
            self.obey()

    @rule()
    def the_node_seems_dead_and_comes_back(self) -> None:
        connections.lose_line_node(self.world.room, "line-1", self.world.now)
        self.world.settle()
        self.report()

    # --- daemons ----------------------------------------------------------------------------------

    @rule()
    def another_daemon_takes_over(self) -> None:
        told = stories.stories(self.world.journal, self.lines)
        account = stories.account(told)
        abandoned = account.abandoned - len(self.world.room.waiting)
        tally = Tally(answered_30d=account.answered, abandoned_30d=abandoned)
        self.world.room = room = Room(self.world.room.config, self.world.board, tally)
        seats = {id_: msgspec.msgpack.decode(kept, type=Seat) for id_, kept in self.seats.items()}
        living = {id_: msgspec.msgpack.decode(kept, type=LiveCall) for id_, kept in self.calls.items()}
        recovery.restore(room, Kept(seats, living, "0-0"), self.world.now)
        room.answers.extend(story.id for story in told if story.answered)
        self.world.settle()
        self.report()

    def report(self) -> None:
        """The node tells what it carries; what it does not is over."""
        claims = recovery.Claims(self.world.room, stories.EPOCH)
        for call in self.world.room.live_calls:
            call.claimed = False
        while self.unsaid:
            self.events_arrive(len(self.unsaid))
        for call in self.having("trying", "ringing", "answered"):
            line = self.lines[call]
            report = {"stage": line.stage, "answered_at": line.answered_at}
            self.world.line(schemas.CallReport, call, **report)
            self.obey()
        claims.settle(self.world.now)
        self.world.settle()
        for call in self.having("ordered"):
            self.lines[call].stage = "ended"
        self.obey()

    # --- agents -----------------------------------------------------------------------------------

    @rule(agent=AGENTS)
    def join(self, agent: int) -> None:
        self.world.ask(agent, "join", name=f"A{agent}")
        self.world.media(schemas.SessionUp, agent)
        self.obey()

    @rule(
        agent=AGENTS, name=st.sampled_from(["ready", "pause", "hangup", "leave", "extend_wrapup", "sign_out"])
    )
    def command(self, agent: int, name: str) -> None:
        assert isinstance(self.world.ask(agent, name), schemas.Done | schemas.Failed)
        self.obey()

    @rule(agent=AGENTS, on=st.booleans())
    def hold(self, agent: int, on: bool) -> None:
        self.world.ask(agent, "hold", on=on)
        self.obey()

    @rule(agent=AGENTS, disposition=st.sampled_from([1, 2, 4, 99]), then=st.sampled_from(["ready", "pause"]))
    def dispose(self, agent: int, disposition: int, then: str) -> None:
        seat = self.world.room.seats.get(agent)
        if seat is not None and seat.call:
            self.world.ask(agent, "dispose", call=seat.call, disposition=disposition, then=then)
            self.obey()

    @rule(agent=AGENTS, up=st.booleans())
    def console(self, agent: int, up: bool) -> None:
        self.world.tell(schemas.AgentConnection(agent=agent, session=f"s{agent}", up=up, at=self.world.now))
        self.obey()

    @rule(agent=AGENTS, up=st.booleans())
    def audio(self, agent: int, up: bool) -> None:
        kind, more = (schemas.SessionUp, {}) if up else (schemas.SessionDown, {"why": "silent"})
        self.world.media(kind, agent, **more)
        self.obey()

    @rule(seconds=st.sampled_from([0.1, 1.0, 2.5, 16.0, 31.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.wait(seconds, step=0.5)
        self.obey()

    # --- the promises -----------------------------------------------------------------------------

    @invariant()
    def no_agent_has_two_people_and_states_follow_each_other(self) -> None:
        told = stories.stories(self.world.journal, self.lines)
        assert not list(overlapping("no agent with two people", "agent", stories.talks(told)))
        assert not list(agents.judge(stories.changes(self.world.journal)))

    @invariant()
    def the_rooms_account_is_the_journals(self) -> None:
        account = stories.account(stories.stories(self.world.journal, self.lines))
        room = self.world.room
        assert room.tally.answered_30d == account.answered
        assert room.tally.abandoned_30d == account.abandoned - len(room.waiting)

    def teardown(self) -> None:
        """When all lines have ended and everything has been said, every call has kept every promise."""
        for call in self.having("ordered"):
            self.lines[call].stage = "trying"
            self.say(schemas.CallTrying, call, **stories.EVIDENCE)
        for call in self.having("trying", "ringing", "answered"):
            self.end_line(call, 200 if self.lines[call].answered_at else 487, "far")
        for _ in range(3):
            self.events_arrive(len(self.unsaid))
            self.time_passes(31.0)
            self.world.wait(60.0, step=1.0)
            self.obey()
        told = stories.stories(self.world.journal, self.lines)
        assert [fault for story in told for fault in calls.judge(story)] == []
        assert not self.world.room.live_calls
        assert not self.world.room.waiting


TestFloor = Floor.TestCase
TestFloor.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
