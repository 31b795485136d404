"""What the floor is told of a room's pacing: the reason, calm and whole, and the hour behind it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dialer.bus import schemas
from dialer.engine.course import Course
from dialer.engine.explaining import EVERY_S, KEPT, LONGEST, Explanation
from dialer.engine.room import placing
from dialer.engine.room.config import Tally

from .rooms import World, due

pytestmark = pytest.mark.unit


def limit_after(world: World) -> str:
    """What limits the room in the decision that it takes now."""
    placing.pace(world.room, world.now)
    return str(world.room.decision.limit)


def test_without_an_agent_the_agents_are_what_is_missing():
    world = World()
    world.room.hopper.extend(due(lead) for lead in range(5))
    assert limit_after(world) == "agents"


def test_an_empty_hopper_limits_a_room_whose_agent_waits():
    world = World()
    world.agent(1)
    assert limit_after(world) == "leads"


def test_the_campaigns_own_lines_limit_it():
    world = World(line_limit=1)
    world.agent(1)
    world.agent(2)
    assert len(world.place(1, 2, 3)) == 1
    assert limit_after(world) == "lines"


def test_trunks_that_take_no_more_limit_it():
    world = World(trunks=())
    world.agent(1)
    world.room.hopper.append(due(1))
    assert limit_after(world) == "trunks"
    assert (world.room.decision.wanted, world.room.decision.out) == (1, 0)
    assert len(world.room.hopper) == 1


def test_a_ready_agent_with_a_line_needs_no_more():
    world = World()
    world.agent(1)
    world.place(1, 2)
    assert limit_after(world) == "account"
    assert (world.room.decision.wanted, world.room.decision.out) == (1, 1)


@pytest.mark.parametrize(("method", "limit"), [("manual", "by_hand"), ("progressive", "held")])
def test_a_room_that_does_not_dial_says_so(method, limit):
    world = World(method=method, status="paused")
    assert limit_after(world) == limit


def test_the_text_is_renewed_every_two_seconds_only_and_never_too_long():
    world = World()
    explanation = Explanation(world.room)
    placing.pace(world.room, world.now)
    explanation.look(world.now, "")
    first = explanation.view
    world.agent(1)
    placing.pace(world.room, world.now)
    explanation.look(world.now + EVERY_S / 2, "")
    assert explanation.view is first
    explanation.look(world.now + EVERY_S, "x" * 500)
    assert (explanation.view["limit"], len(explanation.view["text"])) == ("held", LONGEST)


def test_the_log_holds_changes_of_the_limit_and_goes_on_with_the_next_daemon():
    world = World()
    explanation = Explanation(world.room)
    placing.pace(world.room, world.now)
    for step in range(40):
        explanation.look(world.now + EVERY_S * step, "away" if step % 4 < 2 else "")
    assert len(explanation.log) == KEPT
    limits = [row["limit"] for row in explanation.log]
    assert all(one != other for one, other in pairwise(limits))
    heir = Explanation(world.room)
    heir.restore(explanation.view)
    assert heir.log == explanation.log


def test_an_hour_is_told_by_whole_minutes():
    world, course, tally = World(), Course(), Tally()
    world.agent(1)
    world.agent(2)
    (call,) = world.place(1)[:1]
    world.line(schemas.CallAnswered, call)
    start = 60_000
    for half in range(2 * 60 * 62):
        tally.answered_30d, tally.abandoned_30d = half // 20, half // 200
        course.look(world.room.seats.values(), tally, start + half / 2)
    view = course.view
    assert (len(view["minutes"]), view["minutes"][-1]) == (60, start + 60 * 60)
    assert set(view["occupancy"]) == {0.5}
    assert (view["answered"][-1], sum(view["abandoned"])) == (6, 36)
    heir = Course()
    heir.restore(view)
    heir.look((), tally, start + 62 * 60)
    heir.look((), tally, start + 63 * 60)
    assert heir.view["occupancy"][-1] is None
