"""The agent's state machine, walked pair by pair."""

from __future__ import annotations

import itertools

import pytest

from agents.choices import AgentState as S
from agents.states import TRANSITIONS, AgentEvent, IllegalTransition, transition

pytestmark = pytest.mark.unit


def test_every_state_has_a_row():
    assert set(TRANSITIONS) == set(S)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(S, AgentEvent)))
def test_each_pair_leads_to_its_state_or_is_refused_in_words(state: S, event: AgentEvent):
    expected = TRANSITIONS[state].get(event)
    if expected is not None:
        assert transition(state, event) == expected
        return
    with pytest.raises(IllegalTransition) as refusal:
        transition(state, event)
    assert (refusal.value.state, refusal.value.event) == (state, event)
    assert state.label.lower() in str(refusal.value)


@pytest.mark.parametrize("state", sorted(set(S) - {S.OFFLINE}))
def test_an_agent_can_always_sign_out(state: S):
    assert transition(state, AgentEvent.SIGN_OUT) == S.OFFLINE


@pytest.mark.parametrize("state", S)
def test_every_state_can_be_reached_from_offline(state: S):
    reached, queue = {S.OFFLINE}, [S.OFFLINE]
    while queue:
        fresh = set(TRANSITIONS[queue.pop()].values()) - reached
        reached |= fresh
        queue += fresh
    assert state in reached


@pytest.mark.parametrize("state", [S.TALKING, S.HOLD])
def test_nobody_goes_ready_or_paused_out_of_a_call_without_wrap_up(state: S):
    assert set(TRANSITIONS[state].values()) <= {S.TALKING, S.HOLD, S.WRAPUP, S.OFFLINE}


def test_only_an_agent_who_is_ready_reserved_or_dialing_by_hand_gets_a_call():
    sources = {state for state, row in TRANSITIONS.items() if S.TALKING in row.values()}
    assert sources == {S.READY, S.RESERVED, S.HOLD}
