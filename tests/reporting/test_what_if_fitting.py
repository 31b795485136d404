"""Lengths are taken apart into the kinds that they were drawn from."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.engine.virtual.checks import check
from dialer.engine.virtual.values import Crew, Scenario, Spell
from reporting.what_if.fitting import SHORTEST_S, fit_spells

from .what_if_makers import draw

pytestmark = pytest.mark.unit
ONE = (Spell(9.0, 0.5),)
TWO = (Spell(12.0, 0.6, 0.35), Spell(180.0, 0.8, 0.65))
THREE = (Spell(6.0, 0.4, 0.3), Spell(40.0, 0.4, 0.3), Spell(300.0, 0.5, 0.4))


def lengths(spells, count, seed=1):
    chance = random.Random(seed)
    return [draw(chance, spells) for _ in range(count)]


@pytest.mark.parametrize("spells", [ONE, TWO, THREE])
def test_five_thousand_lengths_tell_their_kinds(spells):
    found = fit_spells(lengths(spells, 5000))
    assert len(found) == len(spells)
    for fitted, true in zip(found, spells, strict=True):
        assert fitted.mean_s == pytest.approx(true.mean_s, rel=0.08)
        assert fitted.cv == pytest.approx(true.cv, rel=0.15)
        assert fitted.weight == pytest.approx(true.weight, abs=0.03)


@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_lengths_keep_their_mean_and_are_not_split_for_nothing(seed):
    sample = lengths(ONE, 100, seed)
    found = fit_spells(sample)
    assert len(found) == 1
    assert found[0].mean_s == pytest.approx(sum(sample) / len(sample), rel=0.01)


def test_the_mean_of_a_mixture_is_that_of_the_lengths():
    sample = lengths(TWO, 400)
    mean = sum(spell.weight * spell.mean_s for spell in fit_spells(sample))
    assert mean == pytest.approx(sum(sample) / len(sample), rel=0.01)


@pytest.mark.parametrize("sample", [[5.0] * 60, [0.0] * 60, [3.0]])
def test_lengths_that_are_all_the_same_are_one_narrow_kind(sample):
    (found,) = fit_spells(sample)
    assert found.mean_s == pytest.approx(max(sample[0], SHORTEST_S))
    assert found.cv <= 0.06


@given(st.lists(st.floats(0.0, 10_800.0), min_size=1, max_size=200))
def test_whatever_was_measured_can_be_simulated(sample):
    check(Scenario(crew=Crew(talks=fit_spells(sample))))


def test_talks_that_end_at_once_are_a_kind_and_stretch_no_other():
    chance = random.Random(1)
    sample = [0.0] * 60 + [3.0] * 120 + [chance.uniform(6.0, 60.0) for _ in range(800)]
    found = fit_spells(sample)
    check(Scenario(crew=Crew(talks=found)))
    mean = sum(spell.mean_s * spell.weight for spell in found) / sum(spell.weight for spell in found)
    assert mean == pytest.approx(sum(sample) / len(sample), rel=0.02)
    assert found[-1].cv < 1.0
