"""Whatever happens in whatever order: no agent has two calls, no call two agents, every call ends once."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agents.choices import AgentState
from dialer.bus import schemas
from dialer.calls.choices import Stage
from dialer.engine.room import connections, placing

from .rooms import World

AGENTS = st.integers(1, 4)
IN_CALL = (AgentState.TALKING, AgentState.HOLD)


class RoomMachine(RuleBasedStateMachine):
    """A room and everything that may happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(answer_wait_s=2.0, wrapup_limit_s=20.0)
        self.lead = 100

    @property
    def live(self) -> list[str]:
        return [call.id for call in self.world.room.calls.values() if call.live and call.written]

    @initialize()
    def two_agents_are_ready(self) -> None:
        self.world.agent(1)
        self.world.agent(2)

    @rule()
    def somebody_answers(self) -> None:
        self.dial(1)
        for call in self.live[-1:]:
            self.world.line(schemas.CallRinging, call)
            self.world.line(schemas.CallAnswered, call)

    @rule(agent=AGENTS)
    def an_agent_is_ready_again(self, agent: int) -> None:
        self.dispose(agent, 1)
        self.join(agent)
        self.world.tell(schemas.AgentConnection(agent=agent, session=f"s{agent}", up=True, at=self.world.now))
        self.command(agent, "ready")

    @rule(agent=AGENTS)
    def join(self, agent: int) -> None:
        self.world.ask(agent, "join", name=f"A{agent}")
        self.world.media(schemas.SessionUp, agent)

    @rule(
        agent=AGENTS, name=st.sampled_from(["ready", "pause", "hangup", "leave", "extend_wrapup", "sign_out"])
    )
    def command(self, agent: int, name: str) -> None:
        reply = self.world.ask(agent, name)
        assert isinstance(reply, schemas.Done | schemas.Failed)

    @rule(agent=AGENTS, on=st.booleans(), name=st.sampled_from(["mute", "hold"]))
    def switch(self, agent: int, on: bool, name: str) -> None:
        self.world.ask(agent, name, on=on)

    @rule(agent=AGENTS, disposition=st.sampled_from([1, 2, 3, 4, 99]))
    def dispose(self, agent: int, disposition: int) -> None:
        seat = self.world.room.seats.get(agent)
        if seat is not None and seat.call:
            later = self.world.now + 3600
            self.world.ask(agent, "dispose", call=seat.call, disposition=disposition, callback_at=later)

    @rule(agent=AGENTS, up=st.booleans())
    def console(self, agent: int, up: bool) -> None:
        self.world.tell(schemas.AgentConnection(agent=agent, session=f"s{agent}", up=up, at=self.world.now))

    @rule(agent=AGENTS, node=st.sampled_from(["media-1", "media-gone"]), up=st.booleans())
    def audio(self, agent: int, node: str, up: bool) -> None:
        if up:
            self.world.media(schemas.SessionUp, agent, node=node)
        else:
            self.world.media(schemas.SessionDown, agent, node=node, why="silent")

    @rule(count=st.integers(1, 3))
    def dial(self, count: int) -> None:
        self.world.beat()
        self.world.place(*range(self.lead, self.lead + count))
        self.lead += count

    @precondition(lambda self: self.live)
    @rule(
        data=st.data(), kind=st.sampled_from([schemas.CallRinging, schemas.CallAnswered, schemas.CallBridged])
    )
    def progress(self, data: st.DataObject, kind: type) -> None:
        self.world.line(kind, data.draw(st.sampled_from(self.live)))

    @precondition(lambda self: self.live)
    @rule(
        data=st.data(),
        code=st.sampled_from([0, 200, 404, 486, 487, 503, 603]),
        by=st.sampled_from(["far", "us", "node", "timeout", "ring_limit"]),
        twice=st.booleans(),
    )
    def end(self, data: st.DataObject, code: int, by: str, twice: bool) -> None:
        call = data.draw(st.sampled_from(self.live))
        for _ in range(1 + twice):
            self.world.line(schemas.CallEnded, call, code=code, ended_by=by)

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def node_plays_the_message(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(self.live))
        self.world.line(schemas.CallPrompt, call, prompt="x", finished=False, by_node=True)

    @rule(seconds=st.sampled_from([0.1, 1.0, 2.5, 16.0, 31.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.wait(seconds, step=0.5)

    @rule(which=st.sampled_from(["line-1", "media-1"]))
    def node_dies(self, which: str) -> None:
        lose = connections.lose_line_node if which == "line-1" else connections.lose_media_node
        lose(self.world.room, which, self.world.now)
        self.world.settle()

    @rule()
    def all_dialing_stops(self) -> None:
        placing.drop_unanswered(self.world.room, self.world.now)
        self.world.settle()

    @invariant()
    def an_agent_in_a_call_has_exactly_that_call(self) -> None:
        room = self.world.room
        for seat in room.seats.values():
            if seat.state in IN_CALL:
                assert room.calls[seat.call].agent == seat.id
                assert room.calls[seat.call].stage == Stage.CONNECTED
        taken = Counter(seat.call for seat in room.seats.values() if seat.call)
        assert all(count == 1 for count in taken.values())

    @invariant()
    def who_waits_has_answered_and_has_no_agent(self) -> None:
        room = self.world.room
        assert len(set(room.waiting)) == len(room.waiting)
        for call in room.calls.values():
            waits = call.stage == Stage.ANSWERED
            assert (call.id in room.waiting) == waits

    @invariant()
    def every_call_ends_once_and_is_counted_once(self) -> None:
        ended = Counter(line["call"] for line in self.world.journal if line["t"] == "ended")
        disposed = Counter(line["call"] for line in self.world.journal if line["t"] == "disposed")
        assert all(count == 1 for count in ended.values())
        assert all(count == 1 for count in disposed.values())
        assert sum(self.world.room.tally.outcomes.values()) == len(ended)

    @invariant()
    def each_change_of_state_begins_where_the_last_one_ended(self) -> None:
        latest: dict[str, str] = {}
        for line in self.world.journal:
            if line["t"] == "agent":
                assert line["from"] == latest.get(line["session"], "offline")
                latest[line["session"]] = line["to"]

    def teardown(self) -> None:
        """When all calls end and time passes, nothing is left."""
        room = self.world.room
        for call in self.live:
            self.world.line(schemas.CallEnded, call, code=487, ended_by="us")
        self.world.wait(120, step=1.0)
        assert not [call for call in room.calls.values() if call.live]
        assert not room.waiting
        assert not [
            call for call in room.calls.values() if not call.disposed and call.agent not in room.seats
        ]


TestRoom = RoomMachine.TestCase
TestRoom.settings = settings(
    max_examples=200, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRoom.pytestmark = [pytest.mark.unit]
