"""Who gets whom: each strategy's order, skills, and agents to whom nobody is joined."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.choices import Routing
from dialer.bus import schemas
from dialer.engine.room import choosing, commands, placing, routing
from dialer.engine.room.roster import Roster

from .rooms import CAMPAIGN, World, due

pytestmark = pytest.mark.unit
SPANISH, GERMAN = 1, 2
PLAIN_LIST, SPANISH_LIST, GERMAN_LIST = 10, 11, 12
LISTS = {PLAIN_LIST: 0, SPANISH_LIST: SPANISH, GERMAN_LIST: GERMAN}
NAMES = {SPANISH: "Spanish", GERMAN: "German"}


def a_room(
    routing: str = "longest",
    ranks: dict[int, int] | None = None,
    levels: dict[int, dict[int, int]] | None = None,
    **changes: Any,
) -> World:
    """A world whose agents have these ranks and skills; without levels no list asks for any."""
    places = {agent: {CAMPAIGN: rank} for agent, rank in (ranks or {}).items()}
    roster = Roster(routing=routing, places=places)
    if levels is not None:
        roster = Roster(routing=routing, places=places, levels=levels, list_skills=LISTS, skill_names=NAMES)
    return World(roster=roster, **changes)


def of_list(lead: int, list_id: int) -> dict[str, Any]:
    """A due lead of a list."""
    return {**due(lead), "request": {"attempts": 0, "list": list_id}}


def answered(world: World, lead: int, list_id: int = PLAIN_LIST) -> str:
    """Somebody of this list picks up, whatever the pacer thinks of it; returns the call."""
    call = world.room.new_call(f"+1212555{lead:04d}", "auto", due(lead)["screen"], {"list": list_id})
    call.trunk, call.node, call.placed_at = 1, "line-1", world.now
    world.room.calls[call.id] = call
    placing.placed(world.room, call.id, b"permit", "p", "+12125550100", world.now)
    world.line(schemas.CallAnswered, call.id)
    return call.id


def arrive(world: World, *agents: int) -> None:
    """These agents get ready, a second after one another."""
    for agent in agents:
        world.agent(agent)
        world.now += 1.0


def served(world: World, *lists: int) -> list[int]:
    """Which agents get people of these lists who answer one after the other (0: nobody)."""
    calls = [answered(world, lead, list_id) for lead, list_id in enumerate(lists)]
    return [world.room.calls[call].agent for call in calls]


def test_there_is_a_strategy_for_every_choice_of_routing() -> None:
    assert set(routing.STRATEGIES) == set(Routing.values)


@pytest.mark.parametrize(
    ("strategy", "order"),
    [("longest", [1, 2, 3, 4]), ("rank", [3, 2, 4, 1]), ("skill", [2, 4, 3, 1])],
)
def test_a_strategy_orders_the_agents_who_are_ready(strategy: str, order: list[int]) -> None:
    ranks = {1: 9, 2: 5, 3: 1, 4: 5}
    levels = {1: {SPANISH: 4}, 2: {SPANISH: 2}, 3: {SPANISH: 3}, 4: {SPANISH: 2}}
    world = a_room(strategy, ranks, levels)
    arrive(world, 1, 2, 3, 4)
    assert served(world, *[SPANISH_LIST] * 4) == order


def test_among_equals_the_one_who_has_waited_longest_is_first() -> None:
    world = a_room("skill", levels={1: {SPANISH: 2}, 2: {SPANISH: 2}})
    arrive(world, 2, 1)
    assert served(world, SPANISH_LIST, SPANISH_LIST) == [2, 1]


def test_an_agent_of_whom_nothing_is_said_stands_in_the_middle() -> None:
    world = a_room("rank", {1: 6, 3: 4})
    arrive(world, 1, 2, 3)
    assert served(world, PLAIN_LIST, PLAIN_LIST, PLAIN_LIST) == [3, 2, 1]


@pytest.mark.parametrize("strategy", list(routing.STRATEGIES))
def test_only_those_who_have_the_skill_get_who_asks_for_it(strategy: str) -> None:
    world = a_room(strategy, levels={2: {GERMAN: 1}, 3: {SPANISH: 9}})
    arrive(world, 1, 2, 3)
    assert served(world, SPANISH_LIST, SPANISH_LIST) == [3, 0]


def test_somebody_whose_skill_nobody_free_has_holds_up_nobody_and_keeps_their_turn() -> None:
    world = a_room(levels={2: {SPANISH: 1}})
    arrive(world, 1)
    spanish, plain = answered(world, 1, SPANISH_LIST), answered(world, 2)
    assert (world.room.calls[spanish].agent, world.room.calls[plain].agent) == (0, 1)
    later = answered(world, 3)
    arrive(world, 2)
    assert world.room.calls[spanish].agent == 2
    assert list(world.room.waiting) == [later]


def test_a_list_that_asks_for_a_skill_no_longer_is_served_by_anybody() -> None:
    world = a_room(levels={})
    arrive(world, 1)
    call = answered(world, 1, SPANISH_LIST)
    assert world.room.calls[call].agent == 0
    world.room.config = World().room.config
    world.wait(0.1)
    assert world.room.calls[call].agent == 1


@pytest.mark.parametrize(
    "make_unfit",
    [
        lambda world: world.tell(schemas.AgentConnection(agent=1, session="s1", up=False, at=world.now)),
        lambda world: world.media(schemas.SessionDown, 1, why="silent"),
        lambda world: world.board.see_nodes([world.board.lines["line-1"].status], [], world.now),
        lambda world: world.ask(1, "pause", reason=""),
        lambda world: world.ask(1, "sign_out"),
    ],
    ids=["console gone", "audio gone", "media node gone", "paused", "signed out"],
)
def test_nobody_is_joined_to_an_agent_who_cannot_take_them(make_unfit: Any) -> None:
    world = a_room()
    arrive(world, 1)
    make_unfit(world)
    call = answered(world, 1)
    assert world.room.calls[call].agent == 0


def test_an_agent_who_asked_for_a_break_gets_no_further_person() -> None:
    world = a_room()
    arrive(world, 1)
    first = answered(world, 1)
    world.ask(1, "pause", reason="lunch")
    second = answered(world, 2)
    world.line(schemas.CallEnded, first, code=200)
    world.ask(1, "dispose", call=first, disposition=1)
    assert world.state(1) == "paused"
    assert world.room.calls[second].agent == 0


def test_who_answers_an_agent_that_cannot_hear_goes_to_another_and_the_agent_is_let_go() -> None:
    world = a_room()
    arrive(world, 1, 2)
    seat = world.room.seats[1]
    call = world.room.new_call("+12125550001", "manual", None, {})
    commands.start_own_call(world.room, seat, call, "", world.now)
    placing.placed(world.room, call.id, b"permit", "p", "", world.now)
    world.media(schemas.SessionDown, 1, why="silent")
    world.line(schemas.CallAnswered, call.id)
    assert (world.room.calls[call.id].agent, seat.call, world.state(1)) == (2, "", "ready")


# --- which lead next ---------------------------------------------------------------------------


def dialed(world: World, *lists: int) -> list[int]:
    """The lists of the leads that are dialed of these in the hopper."""
    world.room.hopper.extend(of_list(lead, list_id) for lead, list_id in enumerate(lists))
    placing.pace(world.room, world.now)
    world.settle()
    for call in world.effects.place:
        placing.placed(world.room, call.id, b"permit", "p", "+12125550100", world.now)
    world.settle()
    return [call.request["list"] for call in world.room.calls.values()]


def test_a_lead_is_dialed_only_while_an_agent_with_its_skill_is_free_of_another_line() -> None:
    world = a_room(levels={1: {SPANISH: 1}})
    arrive(world, 1, 2, 3)
    assert dialed(world, SPANISH_LIST, SPANISH_LIST, GERMAN_LIST, PLAIN_LIST) == [SPANISH_LIST, PLAIN_LIST]
    assert [due["request"]["list"] for due in world.room.hopper] == [SPANISH_LIST, GERMAN_LIST]


def test_one_agent_with_two_skills_gets_one_line_not_two() -> None:
    world = a_room(levels={1: {SPANISH: 1, GERMAN: 1}})
    arrive(world, 1, 2)
    assert dialed(world, SPANISH_LIST, GERMAN_LIST) == [SPANISH_LIST]


def test_who_can_only_this_is_used_before_who_can_more() -> None:
    world = a_room(levels={1: {SPANISH: 1, GERMAN: 1}, 2: {SPANISH: 1}})
    arrive(world, 1, 2)
    assert dialed(world, SPANISH_LIST, GERMAN_LIST) == [SPANISH_LIST, GERMAN_LIST]


def test_an_agent_for_whom_a_line_is_out_comes_last_for_others() -> None:
    world = a_room(levels={1: {SPANISH: 1}})
    arrive(world, 1, 2)
    dialed(world, SPANISH_LIST)
    assert served(world, PLAIN_LIST) == [2]
    (spanish,) = [call for call in world.room.calls.values() if call.meant_for]
    world.line(schemas.CallAnswered, spanish.id)
    assert spanish.agent == 1


def test_a_busy_agent_s_skill_is_not_dialed_for() -> None:
    world = a_room(levels={1: {SPANISH: 1}})
    arrive(world, 1, 2)
    assert served(world, SPANISH_LIST) == [1]
    assert dialed(world, SPANISH_LIST, PLAIN_LIST)[1:] == [PLAIN_LIST]


def test_a_preview_is_offered_to_who_can_take_the_lead() -> None:
    world = a_room(levels={2: {SPANISH: 1}}, method="preview")
    world.room.hopper.extend([of_list(1, SPANISH_LIST), of_list(2, PLAIN_LIST)])
    arrive(world, 1, 2)
    world.wait(0.1)
    offered = {agent: call.lead_id for agent, (call, _) in world.room.previews.items()}
    assert offered == {1: 2, 2: 1}


def test_lists_whose_skill_is_not_here_are_not_asked_and_the_floor_is_told_why() -> None:
    world = a_room(levels={1: {SPANISH: 1}})
    assert choosing.notice(world.room) == ""
    arrive(world, 2)
    assert choosing.shortage(world.room) == (True, {SPANISH_LIST, GERMAN_LIST})
    arrive(world, 1)
    assert choosing.shortage(world.room) == (True, {GERMAN_LIST})
    assert choosing.notice(world.room) == (
        "Nobody here has the skill “German”: the leads that ask for it wait in their lists."
    )


def test_plenty_of_one_sort_does_not_keep_another_from_being_fetched() -> None:
    world = a_room(levels={1: {SPANISH: 1}})
    arrive(world, 1)
    world.room.hopper.extend(of_list(lead, SPANISH_LIST) for lead in range(choosing.LOW_WATER))
    assert choosing.shortage(world.room) == (True, {SPANISH_LIST, GERMAN_LIST})
    world.room.hopper.extend(of_list(100 + lead, PLAIN_LIST) for lead in range(choosing.LOW_WATER))
    assert choosing.shortage(world.room) == (False, {PLAIN_LIST, SPANISH_LIST, GERMAN_LIST})


def test_leads_whose_last_agent_has_left_go_back_to_their_list() -> None:
    world = a_room(levels={1: {SPANISH: 1}})
    arrive(world, 1, 2)
    world.room.hopper.extend([of_list(1, SPANISH_LIST), of_list(2, PLAIN_LIST)])
    world.ask(1, "sign_out")
    choosing.return_unwanted(world.room)
    assert [due["screen"]["id"] for due in world.room.hopper] == [2]
