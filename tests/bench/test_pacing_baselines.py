"""The field's methods, as ``bench pacing`` plays them, do what is published of them."""

from __future__ import annotations

import json

import pytest

from bench.pacing.baselines import DialLevel, ExpectedAnswers
from bench.pacing.hindsight import best_ratio
from bench.pacing.methods import METHODS
from bench.pacing.room import Plan, Room, Tally
from dialer.pacing.contract import AgentView, LineView, PacingEvent, Snapshot

pytestmark = pytest.mark.unit

PLAN = Plan(agents=8, hours=0.4)


def floor(now, ready=0, talking=0, lines=0, waiting=0, line_limit=1000):
    agents = [AgentView("ready", 0.0)] * ready + [AgentView("talking", 0.0)] * talking
    rung = [LineView("ringing", now, now)] * lines + [LineView("answered", now, now)] * waiting
    return Snapshot(now, agents, rung, line_limit)


def tell(pacer, **counts):
    for kind, count in counts.items():
        for _ in range(count):
            pacer.observe(PacingEvent(kind, 0.0, 8.0))


@pytest.mark.parametrize("name", METHODS)
def test_each_speaks_the_contract(name):
    pacer = METHODS[name].make()
    tally = Room(PLAN, pacer, 1).run()
    assert tally.connected > 10
    assert pacer.explain()
    kept = json.loads(json.dumps(pacer.state()))
    METHODS[name].make().restore(kept)


@pytest.mark.parametrize("name", METHODS)
def test_none_places_more_lines_than_there_are(name):
    tally = Room(Plan(agents=20, hours=0.2, line_limit=7), METHODS[name].make(), 1).run()
    assert tally.most_lines == 7


def levels(pacer, minutes, **room):
    """Lines asked for at the end of so many minutes of the same view."""
    asked = 0
    for tick in range(int(minutes * 60 * 2) + 1):
        asked = pacer.lines_to_place(floor(tick / 2, **room)) or asked
    return asked


def test_the_dial_level_rises_while_agents_wait_and_stops_at_its_maximum():
    assert levels(DialLevel(0.03, 3.0), 0.1, ready=10) == 10
    assert 10 < levels(DialLevel(0.03, 3.0), 0.3, ready=10) <= 20
    assert levels(DialLevel(0.03, 3.0), 5, ready=10) == 30
    assert levels(DialLevel(0.03, 1.5), 5, ready=10) == 15


def test_calls_that_wait_bring_the_dial_level_back_to_one():
    pacer = DialLevel(0.03, 3.0)
    levels(pacer, 5, ready=10)
    for tick in range(600, 1200):
        asked = pacer.lines_to_place(floor(tick / 2, talking=10, waiting=5))
    assert asked == 0
    assert pacer.lines_to_place(floor(610.0, ready=10)) == 10


@pytest.mark.parametrize(("hard", "expected"), [(True, 10), (False, 15)])
def test_drops_past_the_limit_halve_the_level_or_set_it_to_one(hard, expected):
    pacer = DialLevel(0.03, 3.0, hard=hard)
    levels(pacer, 5, ready=10)
    tell(pacer, placed=60, answered=20, abandoned=1)
    asked = [pacer.lines_to_place(floor(tick / 2, ready=10)) for tick in range(600, 640)]
    assert [count for count in asked if count][-1] == expected


def test_expected_answers_asks_for_as_many_lines_as_its_ready_agents_need():
    pacer = ExpectedAnswers(0.03)
    tell(pacer, answered=2000, failed=6000)
    assert pacer.lines_to_place(floor(1.0, ready=5)) == pytest.approx(20, abs=1)
    assert pacer.lines_to_place(floor(1.0, ready=5, lines=12)) == pytest.approx(8, abs=1)
    assert pacer.lines_to_place(floor(1.0, ready=5, talking=10)) > 21


def test_expected_answers_calls_less_after_a_minute_that_abandoned_too_many():
    pacer = ExpectedAnswers(0.03)
    tell(pacer, answered=20, failed=60)
    before = pacer.lines_to_place(floor(1.0, ready=10))
    tell(pacer, abandoned=10)
    assert pacer.lines_to_place(floor(61.0, ready=10)) < 0.8 * before


def test_hindsight_takes_the_largest_ratio_that_kept_the_limit():
    tried = []

    def days_at(ratio):
        tried.append(ratio)
        return [
            Tally(answered=1000, abandoned=int(10 * ratio)),
            Tally(answered=1000, abandoned=int(14 * ratio)),
        ]

    ratio, days = best_ratio(days_at, 0.0305)
    assert ratio == 2.5
    assert [day.abandoned for day in days] == [25, 35]
    assert len(tried) < 10


def test_hindsight_settles_for_one_line_each_where_even_that_abandons_too_many():
    ratio, days = best_ratio(lambda ratio: [Tally(answered=10, abandoned=5)], 0.03)
    assert (ratio, len(days)) == (1.0, 1)
