"""A lead is in one call at a time, and comes back as the campaign's rules say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from campaigns.choices import LeadStatus, Outcome, PhoneStatus
from campaigns.models import Callback, Campaign, Lead, RecycleRule
from campaigns.services.claim_leads import claim_leads
from campaigns.services.release_lead import UNCOUNTED_RETRY_S, release_lead

from .makers import MINUTE, NOW, in_call, make_lead

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def number_of(lead):
    return lead.phones.first().number


def release(lead, outcome, call="c1", counted=True):
    done = release_lead(lead.pk, call, outcome, number_of(lead), NOW, counted)
    lead.refresh_from_db()
    return done


def test_of_two_claims_on_one_lead_one_wins(leads):
    lead = make_lead(leads)
    assert claim_leads([(lead.pk, "c1")], NOW) == {lead.pk}
    assert claim_leads([(lead.pk, "c2")], NOW) == set()
    lead.refresh_from_db()
    assert (lead.live_call, lead.status, lead.attempts, lead.last_attempt_at) == (
        "c1",
        LeadStatus.DIALING,
        1,
        NOW,
    )


def test_a_page_of_claims_returns_those_that_were_won(leads):
    free, busy, done = (
        make_lead(leads),
        in_call(make_lead(leads), "old"),
        make_lead(leads, status=LeadStatus.FINAL),
    )
    assert claim_leads([(done.pk, "c3"), (busy.pk, "c2"), (free.pk, "c1")], NOW) == {free.pk}


def test_a_person_may_claim_a_lead_that_is_done_but_not_one_in_a_call(leads):
    done, busy = make_lead(leads, status=LeadStatus.FINAL), in_call(make_lead(leads), "old")
    assert claim_leads([(done.pk, "c1"), (busy.pk, "c2")], NOW, by_hand=True) == {done.pk}


@pytest.mark.django_db(transaction=True)
def test_a_claim_outside_a_transaction_is_an_error(leads):
    with pytest.raises(RuntimeError, match="transaction"):
        claim_leads([(make_lead(leads).pk, "c1")], NOW)


@pytest.mark.django_db(transaction=True)
def test_a_claim_falls_with_the_transaction_that_should_have_written_the_call(leads):
    lead = make_lead(leads)
    with transaction.atomic():
        claim_leads([(lead.pk, "c1")], NOW)
        transaction.set_rollback(True)
    lead.refresh_from_db()
    assert (lead.live_call, lead.attempts) == ("", 0)


def test_an_unanswered_lead_waits_as_the_rule_says(leads, campaign):
    RecycleRule.objects.filter(campaign=campaign, outcome=Outcome.NO_ANSWER).update(retry_after_min=90)
    lead = in_call(make_lead(leads))
    assert release(lead, Outcome.NO_ANSWER)
    assert (lead.status, lead.next_call_at, lead.live_call) == (LeadStatus.RETRY, NOW + 90 * MINUTE, "")
    assert lead.outcome_counts == {"no_answer": 1}
    assert lead.phones.get().attempts == 1


def test_a_second_release_changes_nothing(leads):
    lead = in_call(make_lead(leads))
    release(lead, Outcome.BUSY)
    assert not release(lead, Outcome.NO_ANSWER)
    assert lead.outcome_counts == {"busy": 1}


def test_another_calls_release_changes_nothing(leads):
    lead = in_call(make_lead(leads), "c2")
    assert not release(lead, Outcome.BUSY, call="c1")
    assert lead.live_call == "c2"


def test_the_rules_own_limit_ends_the_lead(leads, campaign):
    RecycleRule.objects.filter(campaign=campaign, outcome=Outcome.BUSY).update(max_attempts=2)
    lead = in_call(make_lead(leads, outcome_counts={"busy": 1}))
    release(lead, Outcome.BUSY)
    assert (lead.status, lead.next_call_at) == (LeadStatus.EXHAUSTED, None)


def test_the_campaigns_most_attempts_end_the_lead(leads, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(max_attempts=1)
    lead = in_call(make_lead(leads))
    release(lead, Outcome.NO_ANSWER)
    assert lead.status == LeadStatus.EXHAUSTED


def test_an_outcome_without_a_rule_ends_the_lead(leads, campaign):
    RecycleRule.objects.filter(campaign=campaign).delete()
    lead = in_call(make_lead(leads))
    release(lead, Outcome.NO_ANSWER)
    assert lead.status == LeadStatus.EXHAUSTED


def test_a_talk_that_nobody_disposed_of_is_done(leads):
    lead = in_call(make_lead(leads))
    release(lead, Outcome.CONNECTED)
    assert lead.status == LeadStatus.FINAL


def test_a_number_not_in_service_hands_over_to_the_next_phone_at_once(leads):
    lead = in_call(make_lead(leads, "+12125550101", "+12125550102"))
    release(lead, Outcome.INVALID)
    assert (lead.status, lead.next_call_at) == (LeadStatus.RETRY, NOW)
    assert [phone.status for phone in lead.phones.all()] == [PhoneStatus.INVALID, PhoneStatus.USABLE]


def test_a_lead_whose_last_number_is_not_in_service_is_unusable(leads):
    lead = in_call(make_lead(leads))
    release(lead, Outcome.INVALID)
    assert lead.status == LeadStatus.UNUSABLE


@pytest.mark.parametrize(("before", "status"), [(0, LeadStatus.NEW), (2, LeadStatus.RETRY)])
def test_a_failure_of_the_carrier_takes_the_attempt_back(leads, before, status):
    lead = in_call(make_lead(leads, attempts=before, status=status))
    release(lead, Outcome.FAILED, counted=False)
    assert (lead.attempts, lead.status, lead.outcome_counts) == (before, status, {})
    assert lead.next_call_at == NOW + dt.timedelta(seconds=UNCOUNTED_RETRY_S)
    assert lead.phones.get().attempts == 0


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("status", [LeadStatus.DO_NOT_CALL, LeadStatus.FINAL, LeadStatus.UNUSABLE])
def test_a_lead_that_was_done_stays_so_when_a_person_dials_it_by_hand(leads, status, counted):
    lead = make_lead(leads, status=status)
    assert claim_leads([(lead.pk, "c1")], NOW, by_hand=True) == {lead.pk}
    release(lead, Outcome.NO_ANSWER, counted=counted)
    assert (lead.status, lead.next_call_at, lead.live_call) == (status, None, "")


def agreed(lead):
    return Callback.objects.create(
        organisation=lead.organisation, campaign=lead.lead_list.campaign, lead=lead, due_at=NOW - MINUTE
    )


def test_a_callback_survives_a_failure_of_the_carrier(leads):
    lead = in_call(make_lead(leads, status=LeadStatus.CALLBACK))
    callback = agreed(lead)
    release(lead, Outcome.FAILED, counted=False)
    callback.refresh_from_db()
    assert (lead.status, callback.done_at) == (LeadStatus.CALLBACK, None)


def test_a_callback_is_done_once_it_was_called(leads):
    lead = in_call(make_lead(leads))
    callback = agreed(lead)
    release(lead, Outcome.NO_ANSWER)
    callback.refresh_from_db()
    assert (lead.status, callback.done_at) == (LeadStatus.RETRY, NOW)


def test_the_release_of_a_lead_that_is_gone_is_quiet(db):
    assert not Lead.objects.exists()
    assert not release_lead(404, "c1", Outcome.BUSY, "+12125550101", NOW)
