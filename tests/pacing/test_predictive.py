"""The predictive method in whole simulated shifts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bench.pacing.room import Plan, Room
from dialer.pacing import make_pacer
from dialer.pacing.contract import AgentView, Snapshot

pytestmark = pytest.mark.unit

SMALL = Plan(agents=8, hours=1.2)


def shift(plan, method="predictive", seed=1, limit=0.03, **options):
    return Room(plan, make_pacer(method, abandon_limit=limit, **options), seed).run()


@pytest.mark.parametrize(
    ("plan", "allowed", "gained"),
    [
        (SMALL, 0.04, 0.1),
        (Plan(agents=25, hours=0.4), 0.04, 0.1),
        (Plan(agents=2, hours=2.0), 0.06, 0.02),
        (Plan(agents=15, hours=0.5, detection_s=1.2), 0.04, 0.1),
        (Plan(agents=15, hours=0.7, crew_at=lambda t: 9 if (t // 1200) % 2 else 15), 0.04, 0.1),
    ],
    ids=["small", "larger", "pair", "detection", "breaks"],
)
def test_a_shift_keeps_to_the_limit_and_its_agents_busier_than_one_line_each_would(plan, allowed, gained):
    """A short shift from cold may end a call or two over; the account brings it back over days."""
    predictive, progressive = shift(plan), shift(plan, "progressive")
    assert predictive.abandoned_share <= allowed
    assert predictive.occupancy > progressive.occupancy + gained


def test_people_who_suddenly_answer_twice_as_often_do_not_break_the_account():
    tally = shift(Plan(agents=20, hours=0.8, people_at=lambda t: 0.15 if (t // 1500) % 2 == 0 else 0.35))
    assert tally.abandoned_share <= 0.04


def test_a_cold_start_abandons_next_to_nobody():
    for seed in range(2):
        tally = shift(Plan(agents=40, hours=0.05, people=0.3), seed=seed)
        assert tally.answered > 40
        assert tally.abandoned <= 4


def test_a_limit_of_nothing_abandons_nobody():
    tally = shift(SMALL, limit=0.0)
    assert tally.answered > 100
    assert tally.abandoned == 0


def test_few_lines_are_never_exceeded():
    tally = shift(replace(SMALL, hours=0.3, line_limit=9))
    assert tally.most_lines == 9


def test_the_same_seed_gives_the_same_day():
    first, second = (shift(replace(SMALL, hours=0.2)) for _ in range(2))
    assert (first.placed, first.answered, first.abandoned, first.busy_s) == (
        second.placed,
        second.answered,
        second.abandoned,
        second.busy_s,
    )


def test_a_restart_in_mid_shift_keeps_what_was_learned():
    before = make_pacer("predictive")
    Room(replace(SMALL, hours=0.4), before, 3).run()
    after = make_pacer("predictive")
    after.restore(json.loads(json.dumps(before.state())))
    ready = Snapshot(1.0, [AgentView("ready", 0.0)] * 8, [], 100)
    assert after.lines_to_place(ready) > make_pacer("predictive").lines_to_place(ready) + 3
