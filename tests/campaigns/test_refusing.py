"""What a refusal of the gate does to a lead."""

from __future__ import annotations

import pytest

from campaigns.choices import LeadStatus, PhoneStatus
from campaigns.models import Callback
from campaigns.services.refuse_lead import AGREED_AGAIN, ASK_AGAIN_S, LISTED_AGAIN, refuse_lead
from compliance.choices import Refused

from .makers import MINUTE, NOW, in_call, make_lead

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def refuse(lead, reason, retry_at=None):
    refuse_lead(lead.pk, reason, retry_at, lead.phones.first().number, NOW)
    lead.refresh_from_db()


@pytest.mark.parametrize(
    ("reason", "phone", "without"),
    [
        (Refused.OWN_DNC, PhoneStatus.DO_NOT_CALL, LeadStatus.DO_NOT_CALL),
        (Refused.INVALID_NUMBER, PhoneStatus.INVALID, LeadStatus.UNUSABLE),
        (Refused.UNKNOWN_ZONE, PhoneStatus.INVALID, LeadStatus.UNUSABLE),
    ],
)
def test_a_number_that_may_never_ring_hands_over_to_the_next_and_the_last_ends_the_lead(
    leads, reason, phone, without
):
    lead = make_lead(leads, "+12125550101", "+12125550102")
    refuse(lead, reason)
    assert (lead.status, lead.next_call_at) == (LeadStatus.NEW, NOW)
    assert lead.phones.first().status == phone
    refuse_lead(lead.pk, reason, None, "+12125550102", NOW)
    lead.refresh_from_db()
    assert (lead.status, lead.next_call_at) == (without, None)


@pytest.mark.parametrize(
    "reason", [Refused.WINDOW, Refused.CAMPAIGN_HOURS, Refused.STOPPED, Refused.ATTEMPTS]
)
def test_a_reason_that_passes_makes_the_lead_wait_for_its_end(leads, reason):
    lead = make_lead(leads)
    refuse(lead, reason, NOW + 90 * MINUTE)
    assert (lead.status, lead.next_call_at) == (LeadStatus.NEW, NOW + 90 * MINUTE)


@pytest.mark.parametrize("reason", [Refused.NO_CALLER_ID, Refused.CAMPAIGN_STATUS, Refused.CLOCK])
def test_without_a_time_the_gate_is_asked_again_in_a_minute(leads, reason):
    lead = make_lead(leads)
    refuse(lead, reason)
    assert (lead.next_call_at - NOW).total_seconds() == ASK_AGAIN_S


@pytest.mark.parametrize(
    "reason",
    [Refused.NATIONAL_DNC, Refused.STATE_DNC, Refused.CAMPAIGN_DNC, Refused.LITIGATOR, Refused.WILDCARD],
)
def test_a_listed_number_hands_over_to_the_next_and_the_last_is_asked_about_again_in_a_day(leads, reason):
    lead = make_lead(leads, "+12125550101", "+12125550102")
    refuse(lead, reason)
    assert (lead.status, lead.next_call_at) == (LeadStatus.NEW, NOW)
    refuse_lead(lead.pk, reason, None, "+12125550102", NOW)
    lead.refresh_from_db()
    assert (lead.status, lead.next_call_at) == (LeadStatus.NEW, NOW + LISTED_AGAIN)


@pytest.mark.parametrize("reason", [Refused.CONSENT, Refused.REASSIGNED])
def test_a_lead_without_its_consent_waits_for_it(leads, reason):
    lead = make_lead(leads)
    refuse(lead, reason)
    assert (lead.status, lead.next_call_at) == (LeadStatus.NEW, NOW + AGREED_AGAIN)


def test_a_cap_that_never_ends_exhausts_the_lead_and_closes_its_callback(leads):
    lead = make_lead(leads, status=LeadStatus.CALLBACK)
    callback = Callback.objects.create(
        organisation=lead.organisation, campaign=lead.lead_list.campaign, lead=lead, due_at=NOW
    )
    refuse(lead, Refused.ATTEMPTS)
    callback.refresh_from_db()
    assert (lead.status, callback.done_at) == (LeadStatus.EXHAUSTED, NOW)


def test_a_lead_in_a_call_is_left_alone(leads):
    lead = in_call(make_lead(leads))
    refuse(lead, Refused.OWN_DNC)
    assert (lead.status, lead.live_call) == (LeadStatus.DIALING, "c1")


@pytest.mark.parametrize("reason", Refused.values)
def test_every_reason_of_the_gate_moves_the_lead_out_of_the_way(leads, reason):
    lead = make_lead(leads)
    refuse(lead, reason)
    assert lead.status != LeadStatus.NEW or lead.next_call_at > NOW
