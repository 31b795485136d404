"""Every pair of state and event is either in the table or refused, and the diagrams are drawn from the tables."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from dialer.calls.choices import Stage
from dialer.calls.states import TRANSITIONS, CallStep, IllegalStep, transition

pytestmark = pytest.mark.unit
DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("step", list(CallStep))
def test_every_pair_of_stage_and_step_is_decided(stage: Stage, step: CallStep) -> None:
    if step in TRANSITIONS[stage]:
        assert transition(stage, step) == TRANSITIONS[stage][step]
    else:
        with pytest.raises(IllegalStep, match=step):
            transition(stage, step)


def test_every_stage_can_end_and_an_ended_call_stays_ended() -> None:
    assert all(CallStep.ENDED in steps for stage, steps in TRANSITIONS.items() if stage != Stage.ENDED)
    assert TRANSITIONS[Stage.ENDED] == {}


def test_the_drawn_state_machines_are_those_of_the_code() -> None:
    spec = importlib.util.spec_from_file_location("generate_states", DOCS / "generate_states.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (DOCS / "states.md").read_text() == module.render(), (
        "Run: .venv/bin/python docs/generate_states.py"
    )
