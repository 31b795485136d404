"""The simulated room of ``bench pacing`` loses nobody and repeats itself."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace
from statistics import fmean

import pytest

from bench.pacing.room import Plan, Room
from bench.pacing.scenarios import SCENARIOS, breaks
from dialer.pacing import make_pacer
from dialer.pacing.plain import Ratio

pytestmark = pytest.mark.unit

PLAN = Plan(agents=6, hours=0.5, people=0.3)


class Witness(Ratio):
    """A fixed ratio that writes down all that it is told and shown."""

    def __init__(self, ratio=2.5):
        super().__init__(ratio)
        self.events, self.snapshots = [], []

    def observe(self, event):
        self.events.append(event)

    def lines_to_place(self, snapshot):
        self.snapshots.append(snapshot)
        self.last_count = super().lines_to_place(snapshot)
        return self.last_count


def watch(plan, seed=1, ratio=2.5):
    witness = Witness(ratio)
    return Room(plan, witness, seed).run(), witness


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_line_placed_has_one_end_or_is_still_alive_when_the_day_ends(scenario):
    tally, witness = watch(replace(scenario.plan, hours=0.2))
    told = Counter(event.kind for event in witness.events)
    alive = told["placed"] - sum(told[end] for end in ("machine", "failed", "connected", "abandoned"))
    assert tally.placed == told["placed"] > 0
    assert alive == len(witness.snapshots[-1].lines) + witness.last_count
    assert tally.connected + tally.abandoned == tally.answered


def test_agents_are_neither_made_nor_lost():
    _, witness = watch(PLAN)
    assert {len(snapshot.agents) for snapshot in witness.snapshots} == {PLAN.agents}


def test_agents_who_leave_finish_their_call_first():
    tally, witness = watch(replace(PLAN, agents=15, hours=0.8, crew_at=breaks))
    sizes = [len(snapshot.agents) for snapshot in witness.snapshots]
    leaving = [agent for snapshot in witness.snapshots for agent in snapshot.agents if agent.leaving]
    assert (min(sizes), max(sizes)) == (9, 15)
    assert leaving
    assert {agent.state for agent in leaving} == {"talking", "wrapup"}
    assert tally.signed_in_s < 15 * 0.8 * 3600


def test_busy_and_idle_seconds_are_all_that_agents_had():
    tally, witness = watch(PLAN)
    ready = sum(
        sum(agent.state == "ready" for agent in before.agents) * (after.now - before.now)
        for before, after in itertools.pairwise(witness.snapshots)
    )
    assert tally.busy_s + ready == pytest.approx(tally.signed_in_s, abs=PLAN.agents)


def test_time_never_runs_backwards():
    _, witness = watch(PLAN)
    times = [event.at for event in witness.events]
    assert times == sorted(times)


def test_an_answered_person_whom_nobody_takes_gives_up_after_the_patience():
    plan = Plan(agents=1, hours=0.3, people=0.9, machines=0.0, patience_s=3.0)
    tally, witness = watch(plan, ratio=6.0)
    answers = {event.at for event in witness.events if event.kind == "answered"}
    ends = [event.at for event in witness.events if event.kind == "abandoned"]
    assert tally.abandoned == len(ends) > 5
    assert all(any(math.isclose(end - 3.0, at) for at in answers) for end in ends)


def test_the_same_seed_gives_the_same_day_and_another_a_different_one():
    days = [Room(PLAN, make_pacer("ratio", ratio=2.0), seed).run() for seed in (4, 4, 5)]
    first, second, other = ((day.placed, day.answered, day.abandoned, day.busy_s) for day in days)
    assert first == second != other


def test_draws_have_the_means_that_the_plan_says():
    plan = Plan(agents=40, hours=1.5, talks=((1.0, 60.0, 0.8),), wrapup=(20.0, 0.6), people=0.4)
    _, witness = watch(plan)
    seconds = {
        kind: [e.seconds for e in witness.events if e.kind == kind] for kind in ("talk_ended", "wrapup_ended")
    }
    assert len(seconds["talk_ended"]) > 1500
    assert fmean(seconds["talk_ended"]) == pytest.approx(60.0, rel=0.07)
    assert fmean(seconds["wrapup_ended"]) == pytest.approx(20.0, rel=0.07)
    resolved = [e for e in witness.events if e.kind in ("answered", "machine", "failed")]
    people = sum(e.kind == "answered" for e in resolved)
    assert people / len(resolved) == pytest.approx(0.4, abs=0.03)
