"""Which leads come next."""

from __future__ import annotations

import pytest
from django.db import connection

from campaigns.choices import LeadStatus, PhoneStatus
from campaigns.models import Callback
from campaigns.selectors import due_callbacks, due_leads, lead_by_number, lead_for_screen

from .makers import MINUTE, NOW, make_campaign, make_lead, make_list, make_user

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def ids(campaign, limit=50, exclude=()):
    return [lead.lead_id for lead in due_leads(campaign.pk, NOW, limit, exclude)]


def promise(lead, agent=None, due=NOW - MINUTE, note=""):
    lead.status, lead.next_call_at = LeadStatus.CALLBACK, due
    lead.save()
    campaign = lead.lead_list.campaign
    return Callback.objects.create(
        organisation=lead.organisation, campaign=campaign, lead=lead, agent=agent, due_at=due, note=note
    )


def test_the_order_is_callbacks_then_priority_then_retries_then_new_then_id(campaign):
    low = make_list(campaign, "low", priority=1)
    high = make_list(campaign, "high", priority=5)
    low_new = make_lead(low)
    low_callback = make_lead(low)
    high_new = make_lead(high)
    high_retry = make_lead(high, status=LeadStatus.RETRY, next_call_at=NOW - MINUTE, attempts=1)
    high_new_too = make_lead(high)
    promise(low_callback)
    assert ids(campaign) == [low_callback.pk, high_retry.pk, high_new.pk, high_new_too.pk, low_new.pk]


def test_lists_of_one_priority_mix_their_retries_before_their_new_leads(campaign):
    one, two = make_list(campaign, "one"), make_list(campaign, "two")
    new = make_lead(one)
    retry = make_lead(two, status=LeadStatus.RETRY, next_call_at=NOW - MINUTE)
    assert ids(campaign) == [retry.pk, new.pk]


@pytest.mark.parametrize(
    "values",
    [
        {"status": LeadStatus.RETRY, "next_call_at": NOW + MINUTE},
        {"status": LeadStatus.NEW, "next_call_at": NOW + MINUTE},
        {"status": LeadStatus.FINAL},
        {"status": LeadStatus.DO_NOT_CALL},
        {"status": LeadStatus.DIALING, "live_call": "c1"},
        {"status": LeadStatus.RETRY, "live_call": "c1"},
        {"status": LeadStatus.RETRY, "attempts": 5},
        {"status": LeadStatus.CALLBACK},
    ],
)
def test_a_lead_that_must_not_be_dialed_now_does_not_come(campaign, leads, values):
    make_lead(leads, **values)
    assert ids(campaign) == []


def test_leads_come_with_and_without_a_time_to_wait_for(campaign, leads):
    waited = make_lead(leads, next_call_at=NOW)
    fresh = make_lead(leads)
    retry = make_lead(leads, status=LeadStatus.RETRY)
    assert ids(campaign) == [retry.pk, waited.pk, fresh.pk]


def test_other_campaigns_and_inactive_lists_keep_their_leads(campaign, leads, organisation):
    make_lead(make_list(make_campaign(organisation, "Other"), "theirs"))
    make_lead(make_list(campaign, "asleep", active=False))
    mine = make_lead(leads)
    assert ids(campaign) == [mine.pk]


def test_excluded_leads_make_room_for_the_next_ones(campaign, leads):
    made = [make_lead(leads).pk for _ in range(6)]
    assert ids(campaign, limit=2, exclude=made[:3]) == made[3:5]


def test_the_number_of_queries_does_not_grow_with_lists_or_leads(campaign, django_assert_num_queries):
    for each in range(12):
        filled = make_list(campaign, f"list {each}")
        for _ in range(5):
            make_lead(filled)
    with django_assert_num_queries(6):
        assert len(ids(campaign)) == 50


def test_the_phone_with_the_fewest_attempts_is_tried_next(campaign, leads):
    lead = make_lead(leads, "+12125550101", "+12125550102", "+12125550103")
    lead.phones.filter(position=0).update(attempts=1)
    lead.phones.filter(position=1).update(status=PhoneStatus.INVALID)
    [due] = due_leads(campaign.pk, NOW, 5)
    assert due.phone is not None
    assert due.phone.number == "+12125550103"
    assert [phone.number for phone in due.phones] == ["+12125550101", "+12125550102", "+12125550103"]


def test_all_that_the_screen_needs_comes_along(campaign, leads):
    lead = make_lead(
        leads, first_name="Ada", last_name="King", custom={"plan": "gold"}, notes="Likes mornings"
    )
    promise(lead, note="Ask for Ada")
    [due] = due_leads(campaign.pk, NOW, 5)
    assert (due.name, due.custom, due.notes) == ("Ada King", {"plan": "gold"}, "Likes mornings")
    assert (due.is_callback, due.callback_note) == (True, "Ask for Ada")


def test_an_agents_own_callback_comes_to_the_agent_and_to_nobody_else(campaign, leads, organisation):
    ann, bob = make_user(organisation, "ann", "agent"), make_user(organisation, "bob", "agent")
    lead = make_lead(leads)
    callback = promise(lead, agent=ann, note="Tuesday")
    assert ids(campaign) == []
    assert due_callbacks(campaign.pk, [bob.pk], NOW) == []
    [due] = due_callbacks(campaign.pk, [ann.pk, bob.pk], NOW)
    assert (due.callback_id, due.agent_id, due.lead.lead_id, due.note) == (
        callback.pk,
        ann.pk,
        lead.pk,
        "Tuesday",
    )


def test_a_callback_is_not_due_before_its_time(campaign, leads):
    promise(make_lead(leads), due=NOW + MINUTE)
    assert ids(campaign) == []


def test_a_number_finds_its_lead_in_the_campaign_only(campaign, leads, organisation):
    lead = make_lead(leads, "+12125550101", "+12125550102")
    found = lead_by_number(organisation.pk, campaign.pk, "+12125550102")
    assert found is not None
    assert found.lead_id == lead.pk
    assert found.phone is not None
    assert found.phone.number == "+12125550102"
    assert lead_by_number(organisation.pk, make_campaign(organisation, "Other").pk, "+12125550102") is None
    assert lead_for_screen(lead.pk + 1) is None


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's own query plan")
def test_candidates_are_read_from_the_index_without_sorting(campaign, leads):
    """On a million leads a sort or a scan would cost seconds at each refill of the hopper."""
    from campaigns.selectors import _parts

    for part in _parts(leads.pk, 0, 5, NOW, 100):
        sql, parameters = part.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
            plan = " | ".join(row[3] for row in cursor.fetchall())
        assert "lead_due" in plan
        assert "SCAN" not in plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan
