"""What each meaning of a disposition does to the lead."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from campaigns.choices import LeadStatus, Meaning, PhoneStatus
from campaigns.models import Callback, Campaign, Disposition
from campaigns.services.dispose_lead import BadDisposition, Disposal, dispose_lead
from campaigns.services.release_lead import release_lead
from compliance.models import DncEntry

from .makers import MINUTE, NOW, in_call, make_campaign, make_lead, make_user

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
LATER = NOW + dt.timedelta(days=1)


def said(lead, meaning, call="c1", agent=None, at=None, mine=False, notes="", **extra):
    """Dispose of the lead's call with the campaign's first disposition of this meaning."""
    rows = Disposition.objects.filter(campaign=lead.lead_list.campaign, meaning=meaning, **extra)
    number = lead.phones.first().number
    with transaction.atomic():
        who = agent.pk if agent else None
        status = dispose_lead(Disposal(lead.pk, call, rows.first().pk, number, who, at, mine, notes, NOW))
    lead.refresh_from_db()
    return status


@pytest.mark.parametrize(
    ("meaning", "status"), [(Meaning.FINAL, LeadStatus.FINAL), (Meaning.SUCCESS, LeadStatus.SUCCESS)]
)
def test_a_final_word_ends_the_lead_and_the_claim(leads, meaning, status):
    lead = in_call(make_lead(leads))
    assert said(lead, meaning) == status
    assert (lead.status, lead.next_call_at, lead.live_call) == (status, None, "")
    assert lead.outcome_counts == {"connected": 1}
    assert lead.phones.get().attempts == 1


def test_a_retry_waits_as_the_disposition_says(leads, campaign):
    Disposition.objects.filter(campaign=campaign, code="no-decision").update(retry_after_min=30)
    lead = in_call(make_lead(leads))
    said(lead, Meaning.RETRY, code="no-decision")
    assert (lead.status, lead.next_call_at) == (LeadStatus.RETRY, NOW + 30 * MINUTE)


def test_a_retry_without_attempts_left_ends_the_lead(leads, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(max_attempts=1)
    lead = in_call(make_lead(leads))
    assert said(lead, Meaning.RETRY) == LeadStatus.EXHAUSTED


def test_an_answering_machine_is_counted_as_one(leads):
    lead = in_call(make_lead(leads))
    said(lead, Meaning.RETRY, is_machine=True)
    assert lead.outcome_counts == {"machine": 1}


def test_do_not_call_puts_every_number_of_the_person_on_the_list(leads, organisation):
    ann = make_user(organisation, "ann", "agent")
    lead = in_call(make_lead(leads, "+12125550101", "+12125550102"))
    assert said(lead, Meaning.DO_NOT_CALL, agent=ann, notes="Was angry") == LeadStatus.DO_NOT_CALL
    entries = DncEntry.objects.filter(organisation=organisation).order_by("number")
    assert [(entry.number, entry.source, entry.note, entry.created_by) for entry in entries] == [
        (12125550101, "disposition", "Was angry", "ann"),
        (12125550102, "disposition", "Was angry", "ann"),
    ]
    assert {phone.status for phone in lead.phones.all()} == {PhoneStatus.DO_NOT_CALL}


@pytest.mark.parametrize("mine", [True, False])
def test_a_callback_is_promised_to_the_agent_or_to_everybody(leads, organisation, mine):
    ann = make_user(organisation, "ann", "agent")
    lead = in_call(make_lead(leads))
    assert (
        said(lead, Meaning.CALLBACK, agent=ann, at=LATER, mine=mine, notes="Ask for Bo")
        == LeadStatus.CALLBACK
    )
    callback = Callback.objects.get(lead=lead, done_at=None)
    assert (callback.agent, callback.due_at, callback.note, callback.call) == (
        ann if mine else None,
        LATER,
        "Ask for Bo",
        "c1",
    )
    assert lead.next_call_at == LATER


def test_a_new_callback_takes_the_place_of_the_open_one(leads):
    lead = in_call(make_lead(leads))
    said(lead, Meaning.CALLBACK, at=LATER)
    said(in_call(lead, "c2"), Meaning.CALLBACK, call="c2", at=LATER + MINUTE)
    assert Callback.objects.get(lead=lead, done_at=None).due_at == LATER + MINUTE


@pytest.mark.parametrize(("at", "words"), [(None, "Choose when"), (NOW - MINUTE, "has passed")])
def test_a_callback_needs_a_time_that_is_still_to_come(leads, at, words):
    lead = in_call(make_lead(leads))
    with pytest.raises(BadDisposition, match=words):
        said(lead, Meaning.CALLBACK, at=at)
    lead.refresh_from_db()
    assert lead.live_call == "c1"


def test_a_word_said_after_the_release_still_counts(leads):
    lead = in_call(make_lead(leads))
    release_lead(lead.pk, "c1", "connected", lead.phones.get().number, NOW)
    assert said(lead, Meaning.SUCCESS) == LeadStatus.SUCCESS
    assert lead.outcome_counts == {"connected": 1}


def test_a_late_word_leaves_a_lead_alone_that_is_in_another_call(leads, organisation):
    lead = in_call(make_lead(leads), "c2")
    assert said(lead, Meaning.FINAL, call="c1") is None
    assert (lead.status, lead.live_call) == (LeadStatus.DIALING, "c2")


def test_a_late_do_not_call_holds_although_the_lead_is_in_another_call(leads, organisation):
    lead = in_call(make_lead(leads, "+12125550101"), "c2")
    assert said(lead, Meaning.DO_NOT_CALL, call="c1") is None
    assert DncEntry.objects.filter(organisation=organisation, number=12125550101).exists()


def test_a_disposition_of_another_organisation_is_refused(leads, django_user_model):
    from accounts.models import Organisation

    theirs = make_campaign(Organisation.objects.create(name="Theirs"))
    lead = in_call(make_lead(leads))
    rule = theirs.dispositions.first().pk
    disposal = Disposal(lead.pk, "c1", rule, "+12125550101", None, None, False, "", NOW)
    with pytest.raises(BadDisposition, match="does not exist"), transaction.atomic():
        dispose_lead(disposal)
