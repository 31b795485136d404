"""Agents in two campaigns: who is handed where and when, and that a crash between any two steps loses nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dialer.bus import schemas
from dialer.engine.room import handing

from .rooms import due
from .siblings import BOTH, NORTH, SOUTH, Twins

pytestmark = pytest.mark.unit
SHARED = {1: {NORTH: 5, SOUTH: 5}, 2: {NORTH: 5, SOUTH: 5}}
DRY = {"status": "paused"}


@pytest.fixture
def twins() -> Twins:
    return Twins(SHARED)


def test_somebody_who_waits_is_served_by_a_ready_agent_of_the_other_room(twins: Twins) -> None:
    twins.arrive(NORTH, 1)
    call = twins.answer(SOUTH, 1)
    twins.settle()
    assert twins.state(SOUTH, 1) == "talking"
    assert twins.rooms[SOUTH].calls[call].agent == 1
    assert twins.places_of(1) == ["seat in 8"]
    assert (twins.store.sits["s1"].campaign, twins.store.under_way) == (SOUTH, {})


def test_the_console_and_the_audio_follow(twins: Twins) -> None:
    twins.arrive(NORTH, 1)
    twins.answer(SOUTH, 1)
    twins.settle()
    shown = twins.store.shown
    assert shown[("agent.1", "agent")]["campaign"]["name"] == "south"
    assert shown[("agent.1", "agent")]["state"] == "talking"
    assert shown[("agent.1", "lead")]["id"] == 1
    assert shown[("agent.1", "dispositions")]
    attached = [message for message in twins.store.sent if isinstance(message, schemas.Attach)]
    assert [(message.session, message.campaign) for message in attached] == [("s1", SOUTH)]


def test_an_agent_who_is_not_shared_stays(twins: Twins) -> None:
    twins.arrive(NORTH, 3)
    twins.answer(SOUTH, 1)
    twins.settle()
    assert twins.state(NORTH, 3) == "ready"


@pytest.mark.parametrize("why", ["paused", "console gone", "audio gone"])
def test_who_cannot_take_a_call_is_not_handed_on(twins: Twins, why: str) -> None:
    twins.arrive(NORTH, 1)
    room = twins.rooms[NORTH]
    if why == "paused":
        twins.ask(NORTH, 1, "pause", reason="")
    elif why == "console gone":
        room.seats[1].connected = False
    else:
        room.seats[1].media = "lost"
    twins.answer(SOUTH, 1)
    twins.settle()
    assert 1 in room.seats


def test_a_room_without_a_free_agent_gives_the_next_one_who_is_ready_in_time(twins: Twins) -> None:
    twins.arrive(NORTH, 1, ready=False)
    call = twins.answer(SOUTH, 1)
    twins.settle()
    assert list(twins.rooms[SOUTH].waiting) == [call]
    twins.now += 1.0
    twins.ask(NORTH, 1, "ready")
    assert twins.rooms[SOUTH].calls[call].agent == 1


def test_after_the_limit_nobody_is_sent(twins: Twins) -> None:
    twins.arrive(NORTH, 1, ready=False)
    twins.answer(SOUTH, 1)
    twins.wait(3.0)
    twins.ask(NORTH, 1, "ready")
    assert twins.state(NORTH, 1) == "ready"


def test_nobody_is_sent_for_a_person_who_was_served_or_hung_up(twins: Twins) -> None:
    twins.arrive(NORTH, 1, ready=False)
    call = twins.answer(SOUTH, 1)
    twins.settle()
    ended = schemas.CallEnded(call=call, campaign=SOUTH, node="line-1", at=twins.now, code=200)
    twins.say(SOUTH, ended)
    twins.settle()
    twins.ask(NORTH, 1, "ready")
    assert twins.state(NORTH, 1) == "ready"


@pytest.mark.parametrize(("first", "second"), [(NORTH, SOUTH), (SOUTH, NORTH)])
def test_who_has_waited_longer_is_served_first_whichever_campaign_they_answered(
    twins: Twins, first: int, second: int
) -> None:
    twins.arrive(NORTH, 1, ready=False)
    earlier = twins.answer(first, 1)
    twins.settle()
    twins.now += 0.5
    later = twins.answer(second, 2)
    twins.settle()
    twins.ask(NORTH, 1, "ready")
    assert twins.rooms[first].calls[earlier].agent == 1
    assert twins.rooms[second].calls[later].agent == 0


def test_idle_agents_go_where_there_is_work_after_a_while_and_stay_there() -> None:
    twins = Twins(SHARED, north=DRY)
    twins.arrive(NORTH, 1)
    twins.wait(handing.MIN_STAY_S - 2)
    assert twins.state(NORTH, 1) == "ready"
    twins.wait(4)
    assert twins.state(SOUTH, 1) == "ready"
    twins.wait(3 * handing.MIN_STAY_S)
    assert twins.state(SOUTH, 1) == "ready"
    moves = [record for _, record in twins.store.journal if record.get("event") == "hand_over"]
    assert len(moves) == 1


def test_a_campaign_that_has_the_agent_first_gets_them_back_when_it_has_work() -> None:
    twins = Twins({1: {NORTH: 1, SOUTH: 2}}, north=DRY)
    twins.arrive(NORTH, 1)
    twins.wait(handing.MIN_STAY_S + 2)
    assert twins.state(SOUTH, 1) == "ready"
    twins.changes = {}
    twins.start(NORTH)
    twins.wait(handing.MIN_STAY_S + 2)
    assert twins.state(NORTH, 1) == "ready"


def test_who_joined_by_hand_and_was_handed_on_comes_back_though_no_list_names_them() -> None:
    twins = Twins({1: {SOUTH: 6}}, north=DRY)
    twins.arrive(NORTH, 1)
    twins.wait(handing.MIN_STAY_S + 2)
    assert twins.state(SOUTH, 1) == "ready"
    twins.changes = {}
    twins.start(NORTH)
    twins.wait(handing.MIN_STAY_S + 2)
    assert twins.state(NORTH, 1) == "ready"


def test_a_room_of_which_nothing_is_heard_is_handed_nobody() -> None:
    twins = Twins(SHARED, north=DRY)
    twins.arrive(NORTH, 1)
    twins.die(SOUTH)
    twins.wait(2 * handing.MIN_STAY_S)
    assert twins.state(NORTH, 1) == "ready"


def test_a_room_whose_leads_all_ask_for_a_skill_wants_only_those_who_have_it(twins: Twins) -> None:
    room = twins.rooms[NORTH]
    object.__setattr__(room.config.roster, "list_skills", {11: 1})
    object.__setattr__(room.config.roster, "levels", {2: {1: 1}})
    room.hopper.append({**due(1), "request": {"list": 11}})
    room.hopper_empty = True
    state = handing.own_state(room)
    assert (state.has_work_for(1), state.has_work_for(2)) == (False, True)


def test_commands_and_audio_that_come_to_the_room_before_go_to_the_one_that_has_the_agent(
    twins: Twins,
) -> None:
    twins.arrive(NORTH, 1)
    twins.answer(SOUTH, 1)
    twins.settle()
    assert isinstance(twins.ask(NORTH, 1, "mute", on=True), schemas.Done)
    assert twins.rooms[SOUTH].seats[1].muted
    down = schemas.AgentConnection(agent=1, session="s1", up=False, at=twins.now)
    twins.say(NORTH, down)
    twins.settle()
    assert not twins.rooms[SOUTH].seats[1].connected


def test_a_console_that_comes_back_to_the_room_before_gets_no_second_seat(twins: Twins) -> None:
    twins.arrive(NORTH, 1)
    twins.answer(SOUTH, 1)
    twins.settle()
    back = schemas.AgentCommand(agent=1, session="s1", name="join", args={"name": "Agent 1"})
    twins.say(NORTH, back)
    twins.settle()
    assert twins.places_of(1) == ["seat in 8"]


def test_an_older_word_that_the_audio_is_gone_does_not_overtake_a_newer_one(twins: Twins) -> None:
    twins.arrive(NORTH, 1)
    twins.answer(SOUTH, 1)
    twins.settle()
    about: dict[str, Any] = {"session": "s1", "agent": 1, "node": "media-1"}
    twins.say(SOUTH, schemas.SessionUp(**about, campaign=SOUTH, at=twins.now + 0.2))
    twins.settle()
    twins.say(NORTH, schemas.SessionDown(**about, campaign=NORTH, at=twins.now + 0.1, why="ice"))
    twins.settle()
    assert twins.rooms[SOUTH].seats[1].media == "up"


def test_the_changes_of_a_session_are_numbered_without_a_gap_through_both_rooms(twins: Twins) -> None:
    twins.arrive(NORTH, 1)
    call = twins.answer(SOUTH, 1)
    twins.settle()
    twins.say(SOUTH, schemas.CallEnded(call=call, campaign=SOUTH, node="line-1", at=twins.now, code=200))
    twins.ask(SOUTH, 1, "dispose", call=call, disposition=1)
    twins.answer(NORTH, 2)
    twins.settle()
    rows = [(record["sequence"], where) for where, record in twins.store.journal if record["t"] == "agent"]
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    assert [where for _, where in rows] == [7, 7, 8, 8, 8, 8, 7, 7]


def test_who_left_and_joins_again_goes_on_counting(twins: Twins) -> None:
    twins.arrive(NORTH, 1)
    twins.ask(NORTH, 1, "leave")
    twins.arrive(SOUTH, 1)
    numbers = [record["sequence"] for _, record in twins.store.journal if record["t"] == "agent"]
    assert numbers == [1, 2, 3, 4, 5]


def test_who_is_on_the_way_to_another_room_cannot_join_a_second_one(twins: Twins) -> None:
    twins.arrive(NORTH, 1)
    twins.answer(SOUTH, 1)
    twins.step(SOUTH)
    twins.step(NORTH)
    assert twins.places_of(1) == ["on the way to 8"]
    assert isinstance(twins.ask(NORTH, 1, "join", name="Agent 1"), schemas.Failed)
    assert twins.places_of(1) == ["seat in 8"]


def undone(campaign: int) -> Callable[[Twins], Any]:
    """The campaign's next round is decided and never carried out."""
    return lambda twins: twins.decide(campaign)


CRASHES: list[tuple[str, tuple[int, ...], Callable[[Twins], Any], tuple[int, ...]]] = [
    ("the giver decided", (), undone(NORTH), (NORTH,)),
    ("the giver decided, both die", (), undone(NORTH), BOTH),
    ("the giver gave, it dies", (NORTH,), lambda twins: None, (NORTH,)),
    ("the giver gave, the taker dies", (NORTH,), lambda twins: None, (SOUTH,)),
    ("the taker decided", (NORTH,), undone(SOUTH), (SOUTH,)),
    ("the taker decided, both die", (NORTH,), undone(SOUTH), BOTH),
    ("the taker took, the giver dies", (NORTH, SOUTH), lambda twins: None, (NORTH,)),
    ("the taker took, it dies", (NORTH, SOUTH), lambda twins: None, (SOUTH,)),
]
"""What it is, whose rounds are carried out after the wish, what is begun and lost, and which daemons die."""


@pytest.mark.parametrize(
    ("done", "lost", "killed"), [case[1:] for case in CRASHES], ids=[case[0] for case in CRASHES]
)
def test_a_crash_between_any_two_steps_leaves_the_agent_in_one_room(
    twins: Twins, done: tuple[int, ...], lost: Callable[[Twins], Any], killed: tuple[int, ...]
) -> None:
    twins.arrive(NORTH, 1)
    call = twins.answer(SOUTH, 1)
    for campaign in (SOUTH, *done):
        twins.step(campaign)
    lost(twins)
    for campaign in killed:
        twins.start(campaign)
    twins.exchange()
    assert len(twins.places_of(1)) == 1
    twins.settle()
    assert len(twins.places_of(1)) == 1
    kept = twins.rooms[SOUTH].calls.get(call)
    assert kept is not None
    assert (kept.agent, twins.state(SOUTH, 1)) == (1, "talking")
