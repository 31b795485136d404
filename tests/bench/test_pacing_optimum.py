"""The exact optimum against rooms that can be worked out otherwise."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from bench.pacing.optimum import Chain, evaluate, optimum, progressive
from bench.pacing.room import Plan, Room
from dialer.pacing import make_pacer

pytestmark = pytest.mark.unit

RING_S, TALK_S, PEOPLE = 12.0, 120.0, 0.25


def chain(agents, lines, limit):
    return Chain(agents, lines, PEOPLE, 1 / RING_S, 1 / TALK_S, limit)


def stationary(room, policy):
    """(mean busy agents, answers a second, abandoned a second) of a policy, by the plain balance equations."""
    states = list(itertools.product(range(room.agents + 1), range(room.lines + 1)))
    rates = np.zeros((len(states), len(states)))

    def move(start, busy, lines, rate):
        rates[states.index(start), states.index((busy, policy[busy][lines]))] += rate

    for busy, lines in states:
        move((busy, lines), busy, lines, 1e-6)
        if busy:
            move((busy, lines), busy - 1, lines, busy * room.talk_rate)
        if lines:
            answered = lines * room.ring_rate * room.answer_share
            move((busy, lines), busy, lines - 1, lines * room.ring_rate - answered)
            move((busy, lines), min(busy + 1, room.agents), lines - 1, answered)
    generator = rates - np.diag(rates.sum(axis=1))
    wanted = np.zeros(len(states) + 1)
    wanted[-1] = 1.0
    share = np.linalg.lstsq(np.vstack([generator.T, np.ones(len(states))]), wanted, rcond=None)[0]
    answers = [lines * room.ring_rate * room.answer_share for _, lines in states]
    lost = [answer if busy == room.agents else 0.0 for (busy, _), answer in zip(states, answers, strict=True)]
    return share @ [busy for busy, _ in states], share @ answers, share @ lost


def every_policy(room):
    """All ways of raising r at each (b, r), for rooms that are tiny."""
    choices = [
        range(lines, room.lines + 1) for _ in range(room.agents + 1) for lines in range(room.lines + 1)
    ]
    for picked in itertools.product(*choices):
        rows = np.array(picked).reshape(room.agents + 1, room.lines + 1)
        if rows[0, 0]:
            yield rows


def best_mixture(room):
    """The most that any policy, or any two taken in turns, reaches within the limit."""
    points = []
    for policy in every_policy(room):
        busy, answers, lost = stationary(room, policy)
        points.append((busy, room.limit * answers - lost))
    best = max((busy for busy, slack in points if slack >= 0), default=0.0)
    for (busy, slack), (other, less) in itertools.permutations(points, 2):
        if slack >= 0 > less:
            share = slack / (slack - less)
            best = max(best, busy + share * (other - busy))
    return best / room.agents


def test_one_agent_and_one_line_that_waits_for_him_is_a_cycle_of_ringing_and_talking():
    """A line at a time until someone answers, then a talk: talk / (talk + ring / people)."""
    busy, _, lost = stationary(chain(1, 1, 0.0), np.array([[1, 1], [0, 1]]))
    assert busy == pytest.approx(TALK_S / (TALK_S + RING_S / PEOPLE), rel=1e-4)
    assert lost == pytest.approx(0.0, abs=1e-6)
    assert optimum(chain(1, 1, 1e-9)) == pytest.approx(busy, rel=1e-3)


@pytest.mark.parametrize("limit", [0.01, 0.03, 0.2])
@pytest.mark.parametrize(("agents", "lines"), [(1, 1), (1, 2), (2, 1)])
def test_tiny_rooms_agree_with_every_policy_tried(agents, lines, limit):
    room = chain(agents, lines, limit)
    assert optimum(room) == pytest.approx(best_mixture(room), abs=2e-5)


def test_a_policys_worth_agrees_with_the_balance_equations():
    room = chain(3, 6, 0.03)
    value = evaluate(room, progressive(room))
    busy, answers, lost = stationary(room, progressive(room))
    assert value.busy == pytest.approx(busy, rel=1e-4)
    assert value.slack == pytest.approx(0.03 * answers - lost, rel=1e-3)


def test_room_for_more_lines_than_are_ever_wanted_changes_nothing():
    plan = Plan(agents=5, people=PEOPLE, ring=(RING_S, 1.0), talks=((1.0, TALK_S, 1.0),), memoryless=True)
    room = Chain.of(plan, 0.03)
    assert optimum(replace(room, lines=3 * room.lines)) == pytest.approx(optimum(room), abs=1e-7)


def test_a_higher_limit_allows_more_and_no_limit_nearly_all():
    shares = [optimum(chain(5, 40, limit)) for limit in (0.001, 0.03, 0.1, 0.9)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.714, abs=0.02), "hardly more than one line each"
    assert shares[-1] > 0.97


def test_a_simulated_room_under_one_line_each_is_as_busy_as_the_chain_says():
    plan = Plan(
        10, 8, PEOPLE, ring=(RING_S, 1.0), talks=((1.0, TALK_S, 1.0),), patience_s=0.0, memoryless=True
    )
    room = Chain.of(plan, 0.03)
    foretold = evaluate(room, progressive(room)).busy / plan.agents
    days = [Room(plan, make_pacer("progressive"), seed).run() for seed in range(3)]
    assert sum(day.occupancy for day in days) / 3 == pytest.approx(foretold, abs=0.02)
