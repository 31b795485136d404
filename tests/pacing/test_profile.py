"""Leads of one sort, and hours of the day, by what they answered."""

from __future__ import annotations

import json
import random

import pytest

from dialer.pacing.profile import MOST_SORTS, Hours, Sorts, class_factor

pytestmark = pytest.mark.unit


def feed(sorts, sort, factor, lines=1500, share=0.2, seed=1):
    """Lines of which the room makes ``share`` answers expect, and that answer ``factor`` times as often."""
    dice = random.Random(seed)
    for _ in range(lines):
        sorts.ended(sort, dice.random() < share * factor, share)
    sorts.refresh()


def test_a_sort_that_answers_twice_as_often_is_known_for_it():
    sorts = Sorts()
    feed(sorts, "1/1/mobile", 2.0)
    feed(sorts, "2/1/landline", 0.5)
    assert class_factor(sorts.class_of("1/1/mobile")) == pytest.approx(2.0, rel=0.25)
    assert class_factor(sorts.class_of("2/1/landline")) == pytest.approx(0.5, rel=0.25)


def test_a_sort_that_was_hardly_seen_is_taken_as_the_room():
    sorts = Sorts()
    sorts.ended("3/1/mobile", True, 0.2)
    sorts.refresh()
    assert sorts.class_of("3/1/mobile") == 0
    assert sorts.class_of("never seen") == 0


def test_leads_of_no_sort_leave_no_trace():
    sorts = Sorts()
    feed(sorts, "", 2.0)
    assert sorts.is_empty


def test_of_very_many_sorts_the_least_seen_are_forgotten():
    sorts = Sorts()
    feed(sorts, "often", 2.0)
    for number in range(MOST_SORTS + 50):
        sorts.ended(f"{number}/1/mobile", False, 0.1)
    sorts.refresh()
    assert len(sorts.state()["seen"]) == MOST_SORTS
    assert sorts.class_of("often") > 0


def day(hours, shares, seed=1, lines=600):
    """One day; returns by how much each step to the next hour was foretold."""
    dice, steps = random.Random(seed), []
    for hour, share in shares.items():
        steps.append(hours.move_to(hour))
        for _ in range(lines):
            hours.ended(dice.random() < share)
    return steps


def test_the_first_day_foretells_nothing_and_the_second_does():
    hours, shares = Hours(), {9: 0.15, 10: 0.15, 11: 0.30}
    assert day(hours, shares) == [1.0, 1.0, 1.0]
    second = day(hours, shares, seed=2)
    assert second[1] == pytest.approx(1.0, rel=0.25)
    assert second[2] == pytest.approx(1.8, rel=0.25)


def test_without_an_hour_nothing_is_learned_or_foretold():
    hours = Hours()
    assert day(hours, {None: 0.2}) == [1.0]
    assert hours.move_to(None) == 1.0


def test_sorts_and_hours_survive_a_restart():
    sorts, hours = Sorts(), Hours()
    feed(sorts, "1/1/mobile", 2.0)
    for seed in range(2):
        day(hours, {9: 0.1, 10: 0.3}, seed)
    other_sorts, other_hours = Sorts(), Hours()
    other_sorts.restore(json.loads(json.dumps(sorts.state())))
    other_hours.restore(json.loads(json.dumps(hours.state())))
    assert other_sorts.class_of("1/1/mobile") == sorts.class_of("1/1/mobile") != 0
    assert other_hours.move_to(9) == hours.move_to(9)
    with pytest.raises(ValueError, match="version"):
        other_hours.restore({"people": [1.0], "lines": [1.0], "hour": 3})
