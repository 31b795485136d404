"""Every method speaks the contract and keeps the limits of the world."""

from __future__ import annotations

import ast
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dialer.pacing
from dialer.pacing import DESCRIPTIONS, METHODS, make_pacer
from dialer.pacing.contract import AgentView, LineView, PacingEvent, Snapshot
from dialer.pacing.predictive import STATE_VERSION

pytestmark = pytest.mark.unit

KINDS = [
    "answered",
    "machine",
    "failed",
    "connected",
    "abandoned",
    "talk_ended",
    "wrapup_ended",
    "placed",
    "ringing",
]


def disorder(seed, steps=150):
    """Snapshots and events of a room in which nothing fits together."""
    dice = random.Random(seed)
    now = dice.uniform(0, 1e6)
    for _ in range(steps):
        now += dice.choice([0.0, 0.01, 0.5, 40.0])
        for _ in range(dice.randrange(3)):
            yield PacingEvent(dice.choice(KINDS), now, dice.choice([0.0, 3.0, 30.0, 9000.0]), "busy")
        agents = [
            AgentView(
                dice.choice(["ready", "talking", "wrapup", "paused"]),
                now - dice.choice([0, 5, 9000]),
                dice.random() < 0.2,
            )
            for _ in range(dice.randrange(12))
        ]
        lines = [
            LineView(dice.choice(["dialing", "ringing", "answered"]), now - dice.choice([1, 20, 500]), now)
            for _ in range(dice.randrange(30))
        ]
        yield Snapshot(now, agents, lines, dice.choice([0, 5, 40]))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", range(4))
def test_no_method_goes_past_the_line_limit_whatever_it_is_told(method, seed):
    pacer = make_pacer(method)
    for item in disorder(seed):
        if isinstance(item, PacingEvent):
            pacer.observe(item)
        else:
            count = pacer.lines_to_place(item)
            assert isinstance(count, int)
            assert 0 <= count <= max(0, item.line_limit - len(item.lines))


@pytest.mark.parametrize("method", METHODS)
def test_no_line_is_placed_for_agents_who_are_away(method):
    agents = [
        AgentView("paused", 0.0),
        AgentView("ready", 0.0, leaving=True),
        AgentView("talking", 0.0, leaving=True),
    ]
    assert make_pacer(method).lines_to_place(Snapshot(10.0, agents, [], 100)) == 0
    assert make_pacer(method).lines_to_place(Snapshot(10.0, [], [], 100)) == 0


@pytest.mark.parametrize("method", METHODS)
def test_a_restored_pacer_decides_as_the_saved_one(method):
    saved = make_pacer(method)
    for item in disorder(7):
        saved.observe(item) if isinstance(item, PacingEvent) else saved.lines_to_place(item)
    restored = make_pacer(method)
    restored.restore(json.loads(json.dumps(saved.state())))
    again = make_pacer(method)
    again.restore(json.loads(json.dumps(restored.state())))
    snapshot = Snapshot(5e6, [AgentView("ready", 0.0)] * 9 + [AgentView("talking", 5e6 - 60)] * 5, [], 100)
    assert restored.lines_to_place(snapshot) == again.lines_to_place(snapshot)
    assert restored.explain() == again.explain()


@pytest.mark.parametrize("method", METHODS)
def test_every_method_explains_itself_in_one_line(method):
    pacer = make_pacer(method)
    pacer.lines_to_place(Snapshot(0.0, [AgentView("ready", 0.0)], [], 10))
    assert 0 < len(pacer.explain()) <= 160
    assert "\n" not in pacer.explain()


def test_every_method_is_described_for_those_who_choose():
    assert DESCRIPTIONS.keys() == METHODS.keys()
    assert all(0 < len(text) <= 120 for text in DESCRIPTIONS.values())


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), saved_after=st.integers(1, 120))
def test_a_pacer_restored_in_mid_shift_decides_as_the_one_that_went_on(seed, saved_after):
    """Of a room in order or not: after the save both see the same things, and answer alike."""
    went_on, restored = make_pacer("predictive"), None
    for step, item in enumerate(disorder(seed)):
        if step == saved_after:
            restored = make_pacer("predictive")
            restored.restore(json.loads(json.dumps(went_on.state())))
        if isinstance(item, PacingEvent):
            for pacer in filter(None, (went_on, restored)):
                pacer.observe(item)
        else:
            decided = went_on.lines_to_place(item)
            assert restored is None or restored.lines_to_place(item) == decided
    assert restored is not None
    assert restored.explain() == went_on.explain()


@pytest.mark.parametrize(
    "damage", [{}, {"learned": {}}, {"learned": None}, {"learned": {"answering": {"people": 3}}}]
)
def test_a_damaged_state_is_refused_in_words(damage):
    with pytest.raises(ValueError, match="damaged"):
        make_pacer("predictive").restore({"version": STATE_VERSION, **damage})


def test_the_explanation_names_what_was_seen_and_why_no_more_was_placed():
    pacer = make_pacer("predictive")
    agents = [AgentView("ready", 0.0)] * 2 + [AgentView("talking", 0.0)] * 3
    count = pacer.lines_to_place(Snapshot(10.0, agents, [LineView("ringing", 8.0, 9.0)] * 2, 100))
    line = "line" if count == 1 else "lines"
    assert pacer.explain().startswith(f"{count} {line} now, the next may miss an agent with over ")
    assert "2 ready, 2 out, " in pacer.explain()
    assert "abandoned 0.0% of at most 3.0%" in pacer.explain()


def test_what_cannot_be_made_is_named():
    with pytest.raises(ValueError, match="Use one of: predictive, progressive"):
        make_pacer("psychic")
    with pytest.raises(ValueError, match="between 0 and 1"):
        make_pacer("predictive", abandon_limit=3.0)
    with pytest.raises(ValueError, match="between 1 and 10"):
        make_pacer("ratio", ratio=0.5)
    with pytest.raises(TypeError):
        make_pacer("progressive", ratio=2.0)
    with pytest.raises(ValueError, match="version"):
        make_pacer("predictive").restore({"version": 0})


def test_pacing_imports_only_the_standard_library_and_itself():
    for path in Path(dialer.pacing.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= {"math"}, path
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                assert node.module in {
                    "__future__",
                    "bisect",
                    "collections",
                    "collections.abc",
                    "dataclasses",
                    "functools",
                    "itertools",
                    "operator",
                    "typing",
                }, path
