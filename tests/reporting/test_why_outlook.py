"""The next permitted moment is the gate's own: it permits then, and not a minute before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.models import Campaign, Lead
from compliance.choices import DncSource
from compliance.models import Decision
from compliance.services.add_to_dnc import add_to_dnc
from reporting.why.outlook import outlooks

from .why_makers import NOON, NUMBER, gate_at, lead_of, request_for, running_campaign

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def campaign(organisation):
    return running_campaign(organisation)


def outlook_of(campaign, now=NOON):
    (found,) = outlooks(campaign.organisation_id, NUMBER, now)
    return found


def reasons(outlook):
    return [step.reason for step in outlook.steps]


def test_a_number_that_may_be_called_now(campaign):
    lead_of(campaign)
    found = outlook_of(campaign)
    assert found.allowed_now
    assert (found.next_at, found.steps) == (NOON, ())


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 21, 3, 0, tzinfo=UTC),
        datetime(2026, 11, 20, 12, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2027, 3, 14, 6, 59, tzinfo=UTC),
    ],
    ids=["evening", "a second before", "clocks go back", "clocks go forward"],
)
@pytest.mark.parametrize("hours", [("00:00", "00:00"), ("11:00", "14:30")])
def test_the_gate_permits_at_the_next_moment_and_not_before(campaign, now, hours):
    lead = lead_of(campaign)
    Campaign.objects.update(opens=hours[0], closes=hours[1], weekdays="1234")
    found = outlook_of(campaign, now)
    request = request_for(campaign, lead)
    assert found.next_at > now
    assert gate_at(found.next_at).scrub([request]) == [None]
    minute = now
    while minute < found.next_at:
        assert gate_at(minute).scrub([request]) != [None]
        minute += timedelta(minutes=30)
    assert gate_at(found.next_at - timedelta(seconds=1)).scrub([request]) != [None]
    assert reasons(found)


def test_attempts_wait_for_the_oldest_dial_to_leave_the_window(campaign):
    lead = lead_of(campaign)
    Campaign.objects.update(max_attempts=1)
    gate_at(NOON).decide([request_for(campaign, lead, "a" * 32)])
    found = outlook_of(campaign, NOON + timedelta(hours=1))
    assert "attempts" in reasons(found)
    assert found.next_at == NOON + timedelta(hours=24)


def test_own_do_not_call_ends_never_by_itself(campaign):
    lead_of(campaign)
    add_to_dnc(campaign.organisation_id, [NUMBER], DncSource.MANUAL)
    found = outlook_of(campaign)
    assert (reasons(found), found.next_at) == (["own_dnc"], None)
    assert "Only their own word" in found.steps[-1].next_step


def test_a_stopped_campaign_is_told_and_looked_past(campaign):
    lead_of(campaign)
    Campaign.objects.update(status="stopped")
    found = outlook_of(campaign)
    assert not found.allowed_now
    assert found.next_at == NOON
    assert found.in_the_way == ("The campaign is stopped.",)


def test_the_stop_of_all_dialing_is_told_and_looked_past(campaign):
    lead_of(campaign)
    campaign.organisation.dialing_stopped_at, campaign.organisation.dialing_stopped_by = NOON, "sam"
    campaign.organisation.save()
    found = outlook_of(campaign)
    assert found.next_at == NOON
    assert found.in_the_way == ("All dialing is stopped by sam at 12:00.",)


def test_a_lead_that_waits_is_not_asked_about_earlier(campaign):
    lead_of(campaign, status="retry")
    later = NOON + timedelta(hours=2)
    Lead.objects.update(next_call_at=later)
    assert outlook_of(campaign).next_at == later


def test_asking_writes_nothing(campaign):
    lead_of(campaign)
    before = list(Lead.objects.values())
    outlook_of(campaign, NOON.replace(hour=4))
    assert list(Lead.objects.values()) == before
    assert not campaign.calls.exists()
    assert not Decision.objects.exists()
