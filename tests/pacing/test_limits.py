"""What the world allows, whatever the chances."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.pacing import make_pacer
from dialer.pacing.contract import AgentView, LineView, PacingEvent, Snapshot
from dialer.pacing.limits import (
    CLOSED,
    MOST_AT_ONCE,
    MOST_LINES_AN_AGENT,
    NO_LEADS,
    NO_LINES,
    NOBODY,
    TOO_FAST,
    CallRate,
    most_lines,
)

pytestmark = pytest.mark.unit

READY = Snapshot(100.0, [AgentView("ready", 0.0)] * 30, [LineView("ringing", 95.0, 96.0)] * 3, 100)


@pytest.mark.parametrize(
    ("changes", "allowed", "why"),
    [
        ({"line_limit": 10}, 7, NO_LINES),
        ({"line_limit": 2}, 0, NO_LINES),
        ({"leads_left": 5}, 5, NO_LEADS),
        ({"leads_left": 0}, 0, NO_LEADS),
        ({"calls_per_s": 4.0}, 4, TOO_FAST),
        ({"calls_per_s": 0.2}, 1, TOO_FAST),
        ({"closes_in": 0.0}, 0, CLOSED),
    ],
)
def test_the_narrowest_limit_counts_and_is_named(changes, allowed, why):
    assert most_lines(replace(READY, **changes), CallRate(), 30) == (allowed, why)
    pacer = make_pacer("predictive")
    assert pacer.lines_to_place(replace(READY, **changes)) <= allowed
    if not allowed:
        assert why in pacer.explain()


def test_where_nobody_answers_lines_stay_in_proportion_to_the_agents():
    pacer, agents = make_pacer("predictive"), [AgentView("ready", 0.0)] * 4
    lines: list[LineView] = []
    most = 0
    for now in map(float, range(900)):
        for _line in [line for line in lines if line.placed_at == now - 25.0]:
            pacer.observe(PacingEvent("failed", now, 25.0, "no_answer"))
        lines = [line for line in lines if line.placed_at > now - 25.0]
        placed = pacer.lines_to_place(Snapshot(now, agents, lines, 1000))
        for _ in range(placed):
            pacer.observe(PacingEvent("placed", now))
        lines += [LineView("ringing", now, now)] * placed
        most = max(most, len(lines))
    assert most == MOST_LINES_AN_AGENT * len(agents)


def test_calls_of_the_last_second_count_against_the_trunks():
    rate = CallRate()
    for at in (98.5, 99.2, 99.9):
        rate.placed(at)
    assert rate.left(100.0, 4.0) == 2
    assert rate.left(101.0, 4.0) == 4
    assert rate.left(100.0, 0.1) == 0
    assert rate.left(100.0, math.inf) == math.inf


def test_a_room_whose_agents_all_leave_says_so():
    pacer = make_pacer("predictive")
    leaving = replace(READY, agents=[AgentView("talking", 0.0, leaving=True), AgentView("paused", 0.0)])
    assert pacer.lines_to_place(leaving) == 0
    assert NOBODY in pacer.explain()


@settings(max_examples=60, deadline=None)
@given(
    ready=st.integers(0, 12),
    talking=st.lists(st.floats(0.0, 900.0), max_size=12),
    ringing=st.lists(st.floats(0.0, 40.0), max_size=30),
    limits=st.tuples(st.integers(0, 90), st.integers(0, 90)),
)
def test_a_wider_line_limit_never_means_fewer_lines(ready, talking, ringing, limits):
    agents = [AgentView("ready", 900.0)] * ready + [AgentView("talking", 1000.0 - age) for age in talking]
    lines = [LineView("ringing", 1000.0 - age, 1000.0) for age in ringing]
    asked = []
    for line_limit in sorted(limits):
        pacer = make_pacer("predictive")
        pacer.observe(PacingEvent("answered", 900.0, 8.0))
        asked.append(pacer.lines_to_place(Snapshot(1000.0, agents, lines, line_limit)))
        assert 0 <= asked[-1] <= min(MOST_AT_ONCE, max(0, line_limit - len(lines)))
    assert asked[0] <= asked[1]


@settings(max_examples=40, deadline=None)
@given(ready=st.integers(0, 20), ringing=st.lists(st.floats(0.0, 30.0), max_size=30))
def test_one_more_ready_agent_never_means_fewer_lines_and_one_more_line_never_more(ready, ringing):
    lines = [LineView("ringing", 1000.0 - age, 1000.0) for age in ringing]

    def asked(agents, out):
        snapshot = Snapshot(1000.0, [AgentView("ready", 0.0)] * agents, out, 1000)
        return make_pacer("predictive").lines_to_place(snapshot)

    assert asked(ready, lines) <= asked(ready + 1, lines)
    assert asked(ready, [*lines, LineView("dialing", 1000.0, 1000.0)]) <= asked(ready, lines)
