"""Occupancy from the record of agents' states, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Organisation, User
from agents.choices import AgentState as S
from agents.models import AgentSession, AgentStateChange
from campaigns.models import Campaign
from dialer.drill.occupancy import all_ready_at, occupancy

pytestmark = pytest.mark.integration
START = datetime(2026, 7, 6, 12, tzinfo=UTC)
STEPS = {
    "one": [(0, S.PAUSED), (10, S.READY), (20, S.TALKING), (50, S.HOLD), (60, S.WRAPUP), (70, S.READY)],
    "two": [(0, S.PAUSED), (30, S.READY), (80, S.TALKING), (90, S.OFFLINE)],
}


@pytest.fixture
def campaign(db):
    organisation = Organisation.objects.create(name="Drill")
    made = Campaign.objects.create(organisation=organisation, name="Drill")
    for name, steps in STEPS.items():
        agent = User.objects.create(username=name, organisation=organisation)
        session = AgentSession.objects.create(
            id=name, organisation=organisation, agent=agent, campaign=made, started_at=START
        )
        state = S.OFFLINE
        for number, (at, after) in enumerate(steps, 1):
            AgentStateChange.objects.create(
                session=session,
                campaign=made,
                at=START + timedelta(seconds=at),
                from_state=state,
                to_state=after,
                event="test",
                sequence=number,
            )
            state = after
    return made


def test_all_are_ready_when_the_last_one_first_was(campaign):
    assert all_ready_at(campaign) == START + timedelta(seconds=30)


def test_busy_is_talk_hold_and_wrap_up_within_the_time_that_is_looked_at(campaign):
    since, until = START + timedelta(seconds=30), START + timedelta(seconds=100)
    busy = (70 - 30) + (90 - 80)
    signed_in = (100 - 30) + (90 - 30)
    assert occupancy(campaign, since, until) == pytest.approx(busy / signed_in)


def test_nobody_signed_in_is_not_busy(campaign):
    later = START + timedelta(hours=1)
    AgentStateChange.objects.filter(session="one").delete()
    assert occupancy(campaign, later, later + timedelta(hours=1)) == 0.0
