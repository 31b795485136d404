"""A lead carries the class of the places it may be in, from its import to its last change."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from campaigns.choices import LeadStatus, PhoneStatus
from campaigns.models import Lead
from campaigns.selectors import due_leads
from campaigns.services.classify_leads import classify, classify_stale
from campaigns.services.refuse_lead import refuse_lead
from campaigns.services.save_lead import save_lead
from campaigns.services.save_lead_fields import BadField, save_lead_fields
from compliance.law import classes
from compliance.law.classes import class_of

from .files import brought_in
from .makers import MINUTE, NOW, make_lead, make_list, make_user

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ALABAMA, NEW_YORK = "+12055550123", "+12125550123"


def where(*numbers, postal_code="", state="", time_zone=""):
    return class_of(numbers, postal_code, state, time_zone)


def stored(lead):
    return Lead.objects.get(pk=lead.pk).window_class


def test_an_import_classes_new_leads_and_those_that_it_changes(leads):
    brought_in(leads, "Phone,State\n205 555 0123,\n212 555 0123,Alabama\n")
    by_number = dict(Lead.objects.values_list("phones__number", "window_class"))
    assert by_number == {ALABAMA: where(ALABAMA), NEW_YORK: where(NEW_YORK, state="AL")}
    assert where(ALABAMA) != 0


def test_a_state_that_does_not_exist_is_a_problem_of_the_row(leads):
    job = brought_in(leads, "Phone,State\n205 555 0123,Eastland\n212 555 0123,new york\n")
    assert (job.created, job.errors) == (1, {"state": 1})
    assert "Eastland" in job.rejected_rows.get().message
    assert Lead.objects.get().state == "NY"


def test_saving_a_lead_by_hand_and_in_the_console_moves_it(leads, organisation):
    user = make_user(organisation, "sue", "supervisor")
    lead = save_lead(Lead(lead_list=leads), user, {"first_name": "Ada"}, [NEW_YORK])
    assert stored(lead) == where(NEW_YORK)
    save_lead(Lead.objects.get(pk=lead.pk), user, {"first_name": "Ada"}, [NEW_YORK, ALABAMA])
    assert stored(lead) == where(NEW_YORK, ALABAMA)
    assert save_lead_fields(lead.pk, leads.campaign_id, {"state": "utah"}) == {"state": "UT"}
    assert stored(lead) == where(NEW_YORK, ALABAMA, state="UT")
    with pytest.raises(BadField, match="Eastland"):
        save_lead_fields(lead.pk, leads.campaign_id, {"state": "Eastland"})


def test_a_number_that_goes_out_of_use_no_longer_counts(leads):
    lead = make_lead(leads, NEW_YORK, ALABAMA)
    classify([lead.pk])
    refuse_lead(lead.pk, "own_dnc", None, ALABAMA, NOW)
    assert lead.phones.get(number=ALABAMA).status == PhoneStatus.DO_NOT_CALL
    assert stored(lead) == where(NEW_YORK)


def test_leads_without_a_class_get_one_and_a_second_run_finds_nothing(leads, capsys):
    lead, lost = make_lead(leads, ALABAMA), make_lead(leads, "+18005550123")
    done = make_lead(leads, NEW_YORK, status=LeadStatus.FINAL)
    call_command("classify_leads")
    assert capsys.readouterr().out == "1 leads classed.\n"
    assert (stored(lead), stored(lost), stored(done)) == (where(ALABAMA), 0, 0)
    assert classify_stale() == 0


def test_new_data_on_places_class_every_lead_anew(leads, monkeypatch):
    lead = make_lead(leads, ALABAMA)
    classify_stale()
    before = stored(lead)
    monkeypatch.setattr(classes, "version", lambda: "2027-01-01/3.0.0")
    assert classify_stale() == 1
    assert stored(lead) not in (0, before)


def test_leads_that_no_law_lets_be_called_now_make_room_for_others(campaign, leads):
    closed = [make_lead(leads, f"+120555501{n:02}") for n in range(5)]
    fresh = make_lead(leads, "+12125550150")
    waited = make_lead(make_list(campaign, "two"), status=LeadStatus.RETRY, next_call_at=NOW - MINUTE)
    classify_stale()
    found = due_leads(campaign.pk, NOW, 3, closed=[stored(closed[0])])
    assert [lead.lead_id for lead in found] == [waited.pk, fresh.pk]


def test_many_closed_classes_over_many_lists_stay_within_the_databases_limits(campaign):
    made = [make_lead(make_list(campaign, f"list {n}")) for n in range(45)]
    classify_stale()
    found = due_leads(campaign.pk, NOW, 50, closed=range(1000, 2000))
    assert [lead.lead_id for lead in found] == [lead.pk for lead in made]
