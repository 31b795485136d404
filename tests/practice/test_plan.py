"""The number plan: whole, realistic, repeatable, and as the docs say."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from dialer.practice.plan import Answer, Practice, behaviour_of, rows

pytestmark = pytest.mark.unit
ALL = [behaviour_of(f"+121255501{ending:02}") for ending in range(100)]
DOCS = Path(__file__).resolve().parents[2] / "docs" / "practice.md"


def test_every_ending_has_one_behaviour() -> None:
    covered = [ending for endings, _ in rows() for ending in _endings(endings)]
    assert sorted(covered) == list(range(100))


def _endings(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def test_the_mix_is_that_of_a_campaign() -> None:
    answers = Counter(
        behaviour.answer for behaviour in ALL if not behaviour.challenge and behaviour.usable_sdp
    )
    codes = Counter(behaviour.code for behaviour in ALL)
    assert 45 <= answers[Answer.HUMAN] <= 50
    assert answers[Answer.MACHINE] == 20
    assert codes[486] == 8
    assert codes[0] >= 8
    assert {404, 480, 488, 503, 603, 607, 608} <= set(codes)


def test_a_number_without_two_last_digits_is_unallocated() -> None:
    for number in ("", "7", "front-desk", "+1212555010x", "٣٤"):
        assert behaviour_of(number).code == 404


def test_the_same_seed_draws_the_same_talks_and_another_seed_others() -> None:
    numbers = [f"+1212555{n:04}" for n in range(0, 2000, 100)]
    talks = [Practice(seed=1).talk_s(behaviour_of(n), n) for n in numbers]
    assert talks == [Practice(seed=1).talk_s(behaviour_of(n), n) for n in numbers]
    assert talks != [Practice(seed=2).talk_s(behaviour_of(n), n) for n in numbers]
    assert all(8 <= talk <= 40 for talk in talks)


def test_waits_and_talks_scale_but_the_ring_limit_stays() -> None:
    practice = Practice(delay_scale=0.1, talk_scale=0.5, ring_limit_s=18)
    assert practice.answer_after_s(behaviour_of("28")) == pytest.approx(0.9)
    assert practice.answer_after_s(behaviour_of("48")) == 18
    assert practice.talk_s(behaviour_of("44"), "44") == pytest.approx(1.5)


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
def test_an_answer_rate_replaces_the_plan(rate: float) -> None:
    practice = Practice(answer_rate=rate)
    numbers = [f"+1212{n:07}" for n in range(2000)]
    humans = sum(
        practice.behaviour(n).answer is Answer.HUMAN and not practice.behaviour(n).challenge for n in numbers
    )
    assert humans / len(numbers) == pytest.approx(rate, abs=0.04)
    assert practice.behaviour(numbers[0]) == practice.behaviour(numbers[0])


def test_the_docs_hold_the_same_table() -> None:
    written = re.findall(r"^\| ([\d-]+) \| `(\w+)` \| (.+?) \|$", DOCS.read_text(), re.MULTILINE)
    assert written == [(endings, behaviour.name, behaviour.text) for endings, behaviour in rows()]
