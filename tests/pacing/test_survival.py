"""Lengths of talk are learned with the running calls counted as censored."""

from __future__ import annotations

import math
import random

import pytest

from dialer.pacing.survival import Lifetimes, ends_then_ends

pytestmark = pytest.mark.unit


def learned(lengths, running=(), expected_s=120.0):
    lifetimes = Lifetimes(expected_s)
    for length in lengths:
        lifetimes.ended(length)
    lifetimes.refresh(running)
    return lifetimes


def test_before_anything_is_seen_the_expected_length_is_believed():
    assert Lifetimes(100.0).ends_within(30.0, 10.0) == pytest.approx(1 - math.exp(-0.1), rel=0.01)


def test_memoryless_talk_ends_with_the_same_chance_at_every_age():
    dice = random.Random(1)
    talk = learned([dice.expovariate(1 / 60) for _ in range(500)])
    for age in (0.0, 20.0, 90.0):
        assert talk.ends_within(age, 10.0) == pytest.approx(1 - math.exp(-10 / 60), rel=0.3)


def test_a_call_that_outlived_the_refusals_is_expected_to_go_on():
    dice = random.Random(2)
    talk = learned(
        [dice.uniform(5, 15) if dice.random() < 0.5 else dice.uniform(200, 400) for _ in range(400)]
    )
    assert talk.ends_within(5.0, 10.0) > 0.35
    assert talk.ends_within(60.0, 10.0) < 0.05


def test_calls_still_running_make_talk_longer_than_the_ended_ones_say():
    ended = [20.0] * 10
    alone, with_running = learned(ended), learned(ended, running=[300.0] * 10)
    assert with_running.ends_within(0.0, 60.0) < 0.75 < alone.ends_within(0.0, 60.0)


def test_what_was_long_ago_is_forgotten():
    talk = learned([300.0] * 600 + [20.0] * 3000)
    assert talk.ends_within(0.0, 40.0) > 0.85


def test_talk_and_wrapup_end_one_after_the_other():
    dice = random.Random(3)
    talk, wrapup = learned([dice.expovariate(1 / 40) for _ in range(500)]), Lifetimes(20.0)
    for length in [dice.gammavariate(9, 20 / 9) for _ in range(500)]:
        wrapup.ended(length)
    wrapup.refresh(())
    trials = [dice.expovariate(1 / 40) + dice.gammavariate(9, 20 / 9) < 30 for _ in range(20_000)]
    assert ends_then_ends(wrapup, 30.0)(talk, 50.0) == pytest.approx(sum(trials) / len(trials), abs=0.05)
    assert ends_then_ends(wrapup, 0.0)(talk, 50.0) == 0.0


def test_saved_lengths_are_restored_and_foreign_ones_refused():
    talk, other = learned([30.0] * 50), Lifetimes(120.0)
    other.restore(talk.state())
    assert other.ends_within(10.0, 25.0) == talk.ends_within(10.0, 25.0)
    with pytest.raises(ValueError, match="version"):
        other.restore({"ended": [1.0], "inside": [1.0]})
