"""Two rooms that share agents, whatever happens and whichever daemon dies between any two steps."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agents.choices import AgentState
from dialer.bus import schemas
from dialer.calls.choices import Stage

from .siblings import BOTH, NORTH, SOUTH, Twins

AGENTS = st.integers(1, 3)
CAMPAIGNS = st.sampled_from(BOTH)


class TwinsMachine(RuleBasedStateMachine):
    """Agents 1 and 2 are shared, 3 has no place but where it joins."""

    def __init__(self) -> None:
        super().__init__()
        self.twins = Twins({1: {NORTH: 1, SOUTH: 2}, 2: {NORTH: 3, SOUTH: 1}})
        self.lead = 0

    @initialize()
    def all_are_here(self) -> None:
        for agent, campaign in ((1, NORTH), (2, NORTH), (3, SOUTH)):
            self.twins.arrive(campaign, agent)

    def where(self, agent: int) -> int:
        """What the console goes by."""
        sits = self.twins.store.sits.get(f"s{agent}")
        return sits.campaign if sits else 0

    @rule(campaign=CAMPAIGNS)
    def somebody_answers(self, campaign: int) -> None:
        if campaign not in self.twins.dead:
            self.lead += 1
            self.twins.answer(campaign, self.lead)

    @rule(campaign=CAMPAIGNS)
    def a_room_works(self, campaign: int) -> None:
        self.twins.step(campaign)

    @rule(campaign=CAMPAIGNS)
    def a_daemon_dies_after_it_decided(self, campaign: int) -> None:
        if campaign not in self.twins.dead:
            self.twins.decide(campaign)
            self.twins.die(campaign)

    @rule(campaign=CAMPAIGNS)
    def another_takes_over(self, campaign: int) -> None:
        self.twins.start(campaign)
        self.twins.exchange()

    @rule(agent=AGENTS, name=st.sampled_from(["ready", "pause", "leave"]), stale=CAMPAIGNS)
    def a_command(self, agent: int, name: str, stale: int) -> None:
        self.twins.ask(self.where(agent) or stale, agent, name)

    @rule(agent=AGENTS, campaign=CAMPAIGNS)
    def an_agent_joins(self, agent: int, campaign: int) -> None:
        """As the console does it: only where they have left the room before."""
        if not self.where(agent):
            self.twins.ask(campaign, agent, "join", name=f"Agent {agent}")

    @rule(agent=AGENTS, stale=CAMPAIGNS)
    def a_console_comes_back(self, agent: int, stale: int) -> None:
        if self.where(agent):
            session = f"s{agent}"
            join = schemas.AgentCommand(agent=agent, session=session, name="join")
            up = schemas.AgentConnection(agent=agent, session=session, up=True, at=self.twins.now)
            self.twins.say(stale, join)
            self.twins.say(stale, up)

    @rule(agent=AGENTS, stale=CAMPAIGNS, up=st.booleans())
    def audio(self, agent: int, stale: int, up: bool) -> None:
        about: dict[str, Any] = {"session": f"s{agent}", "agent": agent, "node": "media-1", "campaign": stale}
        at = self.twins.now
        event = schemas.SessionUp(**about, at=at) if up else schemas.SessionDown(**about, at=at, why="ice")
        self.twins.say(stale, event)

    @rule(campaign=CAMPAIGNS, by=st.sampled_from(["far", "us"]))
    def a_call_ends(self, campaign: int, by: str) -> None:
        live = [call for call in self.twins.rooms[campaign].live_calls if call.written]
        if live and campaign not in self.twins.dead:
            ended = schemas.CallEnded(
                call=live[0].id, campaign=campaign, node="line-1", at=self.twins.now, code=200, ended_by=by
            )
            self.twins.say(campaign, ended)

    @rule(agent=AGENTS)
    def a_word_on_the_call(self, agent: int) -> None:
        campaign = self.where(agent)
        seat = self.twins.rooms[campaign].seats.get(agent) if campaign else None
        if seat is not None and seat.call:
            self.twins.ask(campaign, agent, "dispose", call=seat.call, disposition=1)

    @rule(seconds=st.sampled_from([0.5, 2.5, 25.0]))
    def time_passes(self, seconds: float) -> None:
        self.twins.wait(seconds, step_s=2.5)

    @invariant()
    def an_agent_is_in_one_room_at_most(self) -> None:
        for agent in (1, 2, 3):
            assert len(self.twins.places_of(agent)) <= 1

    @invariant()
    def who_is_nowhere_has_left(self) -> None:
        for agent in (1, 2, 3):
            assert bool(self.twins.places_of(agent)) == bool(self.where(agent))

    @invariant()
    def an_agent_has_one_person_at_most(self) -> None:
        talks = Counter(
            call.agent
            for campaign in BOTH
            if campaign not in self.twins.dead
            for call in self.twins.rooms[campaign].calls.values()
            if call.stage == Stage.CONNECTED and not call.disposed
        )
        assert all(count == 1 for count in talks.values())

    @invariant()
    def nobody_talks_with_somebody_in_another_room(self) -> None:
        for campaign in set(BOTH) - self.twins.dead:
            room = self.twins.rooms[campaign]
            for seat in room.seats.values():
                if seat.state in (AgentState.TALKING, AgentState.HOLD):
                    assert room.calls[seat.call].agent == seat.id

    @invariant()
    def changes_are_numbered_once_each_and_follow_each_other(self) -> None:
        rows: dict[str, dict[int, tuple[str, str]]] = {}
        for _, record in self.twins.store.journal:
            if record["t"] == "agent":
                session = rows.setdefault(record["session"], {})
                assert record["sequence"] not in session
                session[record["sequence"]] = (record["from"], record["to"])
        for session in rows.values():
            assert sorted(session) == list(range(1, len(session) + 1))
            state = "offline"
            for number in sorted(session):
                assert session[number][0] == state
                state = session[number][1]

    def teardown(self) -> None:
        """With both daemons alive every hand-over comes to its end."""
        for campaign in self.twins.dead.copy():
            self.twins.start(campaign)
        self.twins.settle()
        self.twins.wait(3.0)
        for agent in (1, 2, 3):
            assert not [place for place in self.twins.places_of(agent) if place.startswith("on the way")]
        assert not self.twins.store.under_way


TestTwins = TwinsMachine.TestCase
TestTwins.settings = settings(
    max_examples=250, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestTwins.pytestmark = [pytest.mark.unit]
