"""What holds in any room holds in each moment of a simulated shift."""

from __future__ import annotations

from collections import Counter

import pytest

from agents.choices import AgentState
from dialer.calls.choices import Stage
from dialer.engine.virtual.shift import Shift

from .shifts import SHORT, with_crew, with_far_end, with_settings

pytestmark = pytest.mark.unit

IN_CALL = (AgentState.TALKING, AgentState.HOLD)
STIRRED = with_crew(
    with_settings(with_far_end(answer_share=(0.5,), detects_machines=False), wrapup_limit_s=12.0),
    staffing=((120.0, 3), (240.0, 12), (360.0, 1), (420.0, 8)),
)
SCENARIOS = {"calm": SHORT, "stirred": STIRRED}


def check_agents(room):
    for seat in room.seats.values():
        if seat.state in IN_CALL:
            assert room.calls[seat.call].agent == seat.id
            assert room.calls[seat.call].stage == Stage.CONNECTED
    taken = Counter(seat.call for seat in room.seats.values() if seat.call)
    assert all(count == 1 for count in taken.values())


def check_waiting(room):
    assert len(set(room.waiting)) == len(room.waiting)
    for call in room.calls.values():
        assert (call.id in room.waiting) == (call.stage == Stage.ANSWERED)


def check_limits(room):
    live = [call for call in room.calls.values() if call.live]
    assert len(live) <= room.config.line_limit
    leads = Counter(call.lead_id for call in live)
    assert all(count == 1 for count in leads.values())
    assert sum(trunk.used for trunk in room.board.trunks.values()) == len(live)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_room_is_sound_after_each_round(name):
    shift = Shift(SCENARIOS[name], seed=4)
    rounds = 0
    for _ in shift.steps():
        check_agents(shift.room)
        check_waiting(shift.room)
        check_limits(shift.room)
        rounds += 1
    assert rounds > 2 * shift.length_s, "at least each half second"


def test_nobody_is_joined_with_an_agent_who_is_leaving():
    shift = Shift(STIRRED, seed=4)
    leaving: dict[int, str] = {}
    for _ in shift.steps():
        for agent, seat in shift.room.seats.items():
            if seat.requested and seat.state in IN_CALL:
                assert leaving.setdefault(agent, seat.call) == seat.call
    assert leaving
