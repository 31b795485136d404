"""The room's pacer through changes of its settings: what was learned and what was spent stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialer.engine.room import placing
from dialer.engine.room.config import Tally
from dialer.engine.room.pacing import Pacing, method_in_force, window_start
from dialer.pacing.contract import AgentView, PacingEvent, Snapshot

from .rooms import CONFIG, World, due

pytestmark = pytest.mark.unit
PREDICTIVE = replace(CONFIG, method="predictive")


def taught(config=PREDICTIVE) -> Pacing:
    """A pacing that has seen 200 answers, 4 of them abandoned."""
    pacing = Pacing(config, Tally())
    for number in range(200):
        at = 1000.0 + 10 * number
        pacing.observe(PacingEvent("placed", at))
        pacing.observe(PacingEvent("answered", at + 8, 8.0))
        kind = "abandoned" if number % 50 == 0 else "connected"
        pacing.observe(PacingEvent(kind, at + 9))
    return pacing


def empty_room(now: float = 5000.0, ready: int = 4) -> Snapshot:
    agents = [AgentView("ready", now - 5.0) for _ in range(ready)]
    return Snapshot(now=now, agents=agents, lines=(), line_limit=50)


@pytest.mark.parametrize(
    "change",
    [
        {"abandon_limit": 0.02},
        {"abandon_target": 0.01},
        {"method": "progressive"},
        {"method": "ratio", "dial_ratio": 2.0},
    ],
)
def test_a_change_of_settings_loses_nothing_that_was_learned(change):
    pacing = taught()
    before = pacing.learner.state()
    pacing.refit(replace(PREDICTIVE, **change), Tally(), before)
    assert pacing.learner.state() == before
    pacing.refit(PREDICTIVE, Tally(), pacing.learner.state())
    assert pacing.pacer is pacing.learner
    assert pacing.pacer.state() == before


def test_a_limit_or_target_steers_from_then_on():
    pacing = taught()
    assert "3" in pacing.explain()
    pacing.refit(replace(PREDICTIVE, abandon_target=0.012), Tally(), pacing.learner.state())
    pacing.lines_to_place(empty_room())
    assert "1.2" in pacing.explain()


def test_people_abandoned_under_a_fixed_ratio_are_in_the_predictive_account_afterwards():
    pacing = taught(replace(PREDICTIVE, method="ratio", dial_ratio=2.0))
    other = taught()
    assert pacing.learner.state()["account"] == other.learner.state()["account"]


def test_the_learner_sees_the_room_of_another_method_too():
    pacing = taught(replace(PREDICTIVE, method="progressive"))
    assert pacing.lines_to_place(empty_room()) == 4
    assert pacing.pacer is not pacing.learner


@pytest.mark.parametrize("method", ["predictive", "ratio"])
def test_where_nobody_may_be_abandoned_a_ready_agent_stands_behind_each_line(method):
    config = replace(PREDICTIVE, method=method, abandon_limit=0.0, dial_ratio=3.0)
    assert method_in_force(config) == "progressive"
    pacing = Pacing(config, Tally())
    assert pacing.lines_to_place(empty_room()) == 4
    assert pacing.explain().startswith("Nobody may be abandoned here: ")


@pytest.mark.parametrize("method", ["preview", "manual"])
def test_by_hand_stays_by_hand(method):
    assert method_in_force(replace(PREDICTIVE, method=method, abandon_limit=0.0)) == method


def test_a_fixed_ratio_over_the_limit_places_one_line_an_agent_until_the_share_has_fallen():
    tally = Tally(answered_30d=100, abandoned_30d=4)
    pacing = Pacing(replace(PREDICTIVE, method="ratio", dial_ratio=2.0), tally)
    assert pacing.lines_to_place(empty_room()) == 4
    assert pacing.explain().startswith("Over the limit of 3.0%: ")
    tally.answered_30d = 200
    assert pacing.lines_to_place(empty_room()) == 8
    assert not pacing.explain().startswith("Over")


def test_the_account_looks_at_the_laws_own_window():
    noon = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    over = {
        span: datetime.fromtimestamp(
            window_start(replace(CONFIG, measured_over=span))(noon.timestamp()), UTC
        ).isoformat(timespec="hours")
        for span in ("24 h", "30 days", "calendar month")
    }
    assert over == {
        "24 h": "2026-11-21T17+00:00",
        "30 days": "2026-10-23T17+00:00",
        "calendar month": "2026-11-01T03+00:00",
    }


def test_a_lowered_line_limit_lets_lines_ring_out():
    world = World()
    for agent in range(1, 4):
        world.agent(agent)
    assert len(world.place(1, 2, 3)) == 3
    world.room.configure(replace(world.room.config, line_limit=1))
    world.room.hopper.append(due(4))
    placing.pace(world.room, world.now)
    sent = world.settle()
    assert (len(world.room.live_calls), world.room.decision.limit) == (3, "lines")
    assert sent == []
