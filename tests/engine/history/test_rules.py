"""Each promise, kept and broken: a checker that never finds anything proves nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from dialer.engine.history import accounts, agents, calls, dials
from dialer.engine.history.spells import overlapping
from dialer.engine.history.values import Account, CallStory, Change, Dial, Spell, Step

pytestmark = pytest.mark.unit
NODE = {"node": "line-1", "permit": "p1", "epoch": 5, "newest_epoch": 5}


def steps(*kinds: str, **data: Any) -> tuple[Step, ...]:
    """Steps of these kinds in order; ``data``: kind → what it carries."""
    numbers = count(1)
    known = {"trying": NODE, "connected": {"agent": 3}, "heard": {"agent": 3, "node": "media-1"}, **data}
    return tuple(Step(next(numbers), kind, 0.0, known.get(kind, {})) for kind in kinds)


TALK = CallStory(
    id="c1",
    campaign=7,
    lead=1,
    agent=3,
    epoch=5,
    permit="p1",
    granted_permit="p1",
    stage="ended",
    outcome="connected",
    answered=True,
    connected=True,
    disposed=True,
    ended_at=9.0,
    steps=steps("trying", "ringing", "answered", "connected", "heard", "ended", "disposed"),
)
BUSY = replace(
    TALK,
    agent=0,
    outcome="busy",
    answered=False,
    connected=False,
    disposed=False,
    steps=steps("trying", "ended"),
)
LEFT_ALONE = replace(
    BUSY, outcome="abandoned", answered=True, steps=steps("trying", "answered", "message", "ended")
)
ANSWERED_LATE = replace(
    BUSY,
    outcome="abandoned",
    answered=True,
    steps=steps("trying", "ended", "answered", answered={"late": True}),
)
MACHINE = replace(TALK, outcome="machine")


@pytest.mark.parametrize("story", [TALK, BUSY, LEFT_ALONE, ANSWERED_LATE, MACHINE])
def test_nothing_is_said_of_a_call_that_went_as_it_must(story: CallStory) -> None:
    assert list(calls.judge(story)) == []


BROKEN = {
    "stages are lawful": [
        replace(TALK, steps=steps("trying", "connected", "answered", "heard", "ended", "disposed")),
        replace(BUSY, steps=steps("trying", "ended", "ringing")),
    ],
    "records are closed": [
        replace(BUSY, steps=steps("trying")),
        replace(BUSY, steps=steps("trying", "ended", "ended")),
        replace(BUSY, stage="ringing", outcome=""),
        replace(TALK, disposed=False),
        replace(TALK, steps=(*TALK.steps, Step(99, "disposed", 0.0))),
    ],
    "one of agent, message, machine": [
        replace(TALK, steps=(*TALK.steps, Step(99, "connected", 0.0, {"agent": 4}))),
        replace(LEFT_ALONE, outcome="lost"),
        replace(BUSY, outcome="abandoned"),
        replace(TALK, outcome="abandoned"),
        replace(LEFT_ALONE, outcome="connected"),
        replace(TALK, steps=(*TALK.steps, Step(99, "message", 0.0))),
    ],
    "record and steps agree": [
        replace(TALK, answered=False, outcome="machine"),
        replace(TALK, connected=False),
        replace(TALK, agent=4),
        replace(LEFT_ALONE, steps=(*LEFT_ALONE.steps, Step(99, "answered", 0.0, {"late": True}))),
    ],
    "heard by its agent only": [
        replace(TALK, steps=steps("trying", "answered", "connected", "heard", "ended", heard={"agent": 4})),
    ],
    "one dial on one permit": [
        replace(TALK, granted_permit=""),
        replace(TALK, permit="p2"),
        replace(BUSY, steps=(*BUSY.steps, Step(99, "trying", 1.0, NODE))),
        replace(BUSY, epoch=6),
    ],
}


@pytest.mark.parametrize(("rule", "story"), [(rule, story) for rule in BROKEN for story in BROKEN[rule]])
def test_each_broken_promise_of_a_call_is_found(rule: str, story: CallStory) -> None:
    assert rule in {violation.rule for violation in calls.judge(story)}


def test_every_rule_of_a_call_is_shown_to_find_something() -> None:
    assert set(BROKEN) == set(calls.RULES)


@pytest.mark.parametrize(
    ("spells", "found"),
    [
        ([Spell(1, "a", 1, 5), Spell(1, "b", 6, 9), Spell(2, "c", 3, None)], 0),
        ([Spell(1, "a", 1, 5), Spell(1, "b", 4, 9)], 1),
        ([Spell(1, "a", 1, None), Spell(1, "b", 40, 41)], 1),
        ([Spell(1, "a", 1, 9), Spell(1, "b", 2, 3), Spell(1, "c", 5, 6)], 2),
        ([Spell(1, "a", 1, None), Spell(2, "b", 2, None)], 0),
    ],
)
def test_calls_that_overlap_are_found_and_those_that_follow_each_other_are_not(
    spells: list[Spell], found: int
) -> None:
    assert len(list(overlapping("rule", "lead", spells))) == found


def dial(epoch: int, newest: int = 0, node: str = "line-1", campaign: int = 7) -> Dial:
    return Dial(campaign, "c", node, "p", epoch, newest or epoch)


HELD = [(7, 4), (7, 5), (8, 3)]


def test_dials_of_one_holder_after_the_other_are_in_order() -> None:
    assert not list(dials.judge([dial(4), dial(5), dial(4, node="line-2"), dial(3, campaign=8)], HELD))


@pytest.mark.parametrize("order", [[dial(5), dial(4)], [dial(4, newest=5)], [dial(6)]])
def test_a_dial_under_a_stale_or_unknown_epoch_is_found(order: list[Dial]) -> None:
    assert [found.rule for found in dials.judge(order, HELD)] == [dials.RULE]


def changes(*moves: tuple[str, str, str, str]) -> list[Change]:
    """(before, after, event, call) in order, as one session's changes."""
    return [
        Change(1, "s", n, before, after, event, call)
        for n, (before, after, event, call) in enumerate(moves, 1)
    ]


SIGNED_IN = ("offline", "paused", "sign_in", "")
READY = ("paused", "ready", "go_ready", "")


def test_states_that_follow_each_other_by_the_table_are_in_order() -> None:
    day = changes(
        SIGNED_IN, READY, ("ready", "talking", "connect", "c1"), ("talking", "offline", "sign_out", "c1")
    )
    assert not list(agents.judge([*day, replace(day[0], session="t")]))


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (changes(READY), "agents' states have no gap"),
        (changes(SIGNED_IN, ("ready", "talking", "connect", "c1")), "agents' states have no gap"),
        ([changes(SIGNED_IN)[0], replace(changes(READY)[0], sequence=3)], "agents' states have no gap"),
        (changes(SIGNED_IN, ("paused", "talking", "connect", "c1")), "agents' states are lawful"),
        (
            changes(
                SIGNED_IN, READY, ("ready", "talking", "connect", "c1"), ("talking", "hold", "hold", "c2")
            ),
            "no agent with two people",
        ),
    ],
)
def test_a_gap_an_unlawful_change_and_a_second_person_are_found(found: list[Change], rule: str) -> None:
    assert rule in {violation.rule for violation in agents.judge(found)}


def test_the_account_counts_people_and_no_machines() -> None:
    counter = accounts.Counter()
    for story in (TALK, BUSY, LEFT_ALONE, ANSWERED_LATE, MACHINE):
        counter.add(story)
    assert counter.account() == Account("the steps of its calls", answered=3, abandoned=2)


def test_two_places_that_count_differently_are_found() -> None:
    one, other = Account("steps", 100, 3), Account("records", 100, 2)
    assert not list(accounts.judge("campaign 7", [one, replace(one, source="gate")]))
    (found,) = accounts.judge("campaign 7", [one, other])
    assert found.evidence == "steps: 3 abandoned of 100; records: 2 abandoned of 100"
