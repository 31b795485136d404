"""The pages of decisions and of the story of a number: filters, pages by place, what each role sees."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command

from compliance.evidence import places
from compliance.evidence.places import places_between
from compliance.models import Decision
from reporting.selectors import decisions as selectors
from reporting.selectors.decisions import DecisionSearch, decision_page, refusal_counts, search_decisions
from tests.accounts.makers import client_of, make_organisation

from .why_makers import NOON, NUMBER, gate_at, lead_of, request_for, running_campaign

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DAY = timedelta(days=1)
THAT_DAY = "day=2026-11-20"


@pytest.fixture
def campaign(organisation):
    return running_campaign(organisation)


def decide(campaign, lead, at: datetime) -> None:
    gate_at(at).decide([request_for(campaign, lead, uuid.uuid4().hex)])


def span(since=NOON - DAY, until=NOON + DAY, **values) -> DecisionSearch:
    return DecisionSearch(since, until, **values)


def page_of(person, address):
    answer = client_of(person).get(address)
    return answer.status_code, answer.content.decode()


def test_a_day_shows_its_decisions_newest_first(campaign, supervisor):
    lead = lead_of(campaign)
    for at in (NOON, NOON + timedelta(hours=1), NOON + DAY):
        decide(campaign, lead, at)
    status, text = page_of(supervisor, f"/compliance/?{THAT_DAY}")
    assert status == 200
    assert text.index("20 Nov, 13:00:00") < text.index("20 Nov, 12:00:00")
    assert "21 Nov" not in text


def test_a_day_is_the_organisations(campaign, supervisor):
    late = NOON.replace(hour=0, minute=30)
    decide(campaign, lead_of(campaign), late)
    assert "19 Nov, 19:30:00" in page_of(supervisor, "/compliance/?day=2026-11-19")[1]
    assert "No decision fits" in page_of(supervisor, f"/compliance/?{THAT_DAY}")[1]


def test_decisions_are_found_by_campaign_and_by_answer(campaign):
    other = running_campaign(campaign.organisation, "Autumn")
    decide(campaign, lead_of(campaign), NOON)
    decide(other, lead_of(other), NOON.replace(hour=9))
    organisation = campaign.organisation_id

    def found(**values):
        return list(search_decisions(organisation, span(**values)).values_list("campaign", "reason"))

    assert found(campaign=other.pk) == [(other.pk, "window")]
    assert found(reason="permitted") == [(campaign.pk, "")]
    assert found(reason="window") == [(other.pk, "window")]
    assert found(campaign=campaign.pk, reason="window") == []


def test_refusals_are_counted_by_reason(campaign):
    lead = lead_of(campaign)
    for hour in (9, 10, 17):
        decide(campaign, lead, NOON.replace(hour=hour))
    decide(campaign, lead_of(campaign, "+12125551212"), NOON)
    counts = refusal_counts(campaign.organisation_id, span())
    assert [(each.reason, each.count, each.share) for each in counts] == [
        ("window", 2, 100.0),
        ("invalid_number", 1, 50.0),
    ]


def test_pages_follow_the_chain_without_a_gap(campaign, monkeypatch):
    monkeypatch.setattr(selectors, "PAGE_DECISIONS", 3)
    lead = lead_of(campaign)
    for minute in range(8):
        decide(campaign, lead, NOON.replace(hour=9, minute=minute))
    found = search_decisions(campaign.organisation_id, span())
    first = decision_page(found)
    second = decision_page(found, older=first.older)
    third = decision_page(found, older=second.older)
    assert [d.sequence for page in (first, second, third) for d in page.decisions] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert (first.newer, third.older) == (0, 0)
    assert [d.sequence for d in decision_page(found, newer=second.newer).decisions] == [8, 7, 6]


@pytest.mark.parametrize("query", ["older=x", "newer=-1", "older=99999999999999999999", "newer=999"])
def test_an_address_that_names_no_place_shows_the_newest(campaign, supervisor, query):
    decide(campaign, lead_of(campaign), NOON)
    assert "12:00:00" in page_of(supervisor, f"/compliance/?{THAT_DAY}&{query}")[1]


def test_a_bad_filter_is_named_and_keeps_what_was_typed(campaign, supervisor):
    status, text = page_of(supervisor, "/compliance/?day=tomorrow&reason=none")
    assert status == 422
    assert "The search has an error" in text
    assert "tomorrow" in text


def test_places_of_a_span_hold_all_of_it(campaign, monkeypatch):
    monkeypatch.setattr(places, "MARGIN", timedelta(0))
    lead = lead_of(campaign)
    for hours in range(6):
        decide(campaign, lead, NOON.replace(hour=0) + timedelta(hours=hours))
    midnight = NOON.replace(hour=0)
    between = places_between(
        campaign.organisation_id, midnight + timedelta(hours=2), midnight + timedelta(hours=4)
    )
    assert between == (3, 5)
    assert places_between(campaign.organisation_id, midnight - DAY, midnight) == (1, 1)
    assert places_between(make_organisation("Elsewhere").pk, midnight, NOON) == (1, 1)


def test_whole_numbers_are_for_those_who_may_see_them(campaign, supervisor, reader):
    decide(campaign, lead_of(campaign), NOON)
    Decision.objects.update(detail=f"about {NUMBER}", reason="cap")
    for address in (
        f"/compliance/?{THAT_DAY}",
        "/compliance/why/?decision=1",
        f"/compliance/why/?number={quote(NUMBER)}",
    ):
        assert NUMBER in page_of(supervisor, address)[1]
        shown = page_of(reader, address)[1].replace(f'value="{NUMBER}"', "")
        assert "+1212•••••23" in shown
        assert "2125550123" not in shown


@pytest.mark.parametrize("written", ["(212) 555-0123", "212.555.0123", "+1 212 555 0123", "12125550123"])
def test_a_number_may_be_written_in_any_form(campaign, supervisor, written, capsys):
    decide(campaign, lead_of(campaign), NOON)
    answer = client_of(supervisor).get("/compliance/why/", {"number": written})
    assert "Permitted (campaign)" in answer.content.decode()
    call_command("why", written)
    assert "Permitted (campaign)." in capsys.readouterr().out


def test_a_number_that_cannot_be_read_is_said_to_be_none(campaign, supervisor):
    status, text = page_of(supervisor, "/compliance/why/?number=hello")
    assert status == 422
    assert "This is no phone number" in text
    with pytest.raises(CommandError, match="no phone number"):
        call_command("why", "hello")


def test_a_number_that_nobody_knows_is_said_to_be_unknown(campaign, supervisor, capsys):
    assert "Nothing is known of this number" in page_of(supervisor, f"/compliance/why/?number={NUMBER}")[1]
    call_command("why", NUMBER)
    assert "Nothing is known of this number" in capsys.readouterr().out


def test_a_story_of_another_organisation_is_not_found(campaign, supervisor):
    decide(campaign, lead_of(campaign), NOON)
    Decision.objects.update(organisation=make_organisation("Elsewhere"))
    assert page_of(supervisor, "/compliance/why/?decision=1")[0] == 404


def test_the_command_tells_decisions_rules_and_what_comes_next(campaign, capsys):
    decide(campaign, lead_of(campaign), NOON.replace(hour=9))
    call_command("why", NUMBER, "--organisation", "Harbour Energy", "--campaign", "Spring")
    text = capsys.readouterr().out
    assert "Fri 20 Nov 2026, 04:00:00  Spring" in text
    assert "Refused: Outside the calling window" in text
    assert "That rule would permit it from Fri 20 Nov 2026, 08:00:00 on." in text
    assert "Calling window [" in text
    assert "Spring (list List of Spring, lead " in text


def test_the_command_gives_json_for_programs(campaign, capsys):
    decide(campaign, lead_of(campaign), NOON)
    call_command("why", NUMBER, "--json")
    story = json.loads(capsys.readouterr().out)
    assert story["number"] == NUMBER
    assert story["events"][0]["decision"]["granted"]
    assert story["outlooks"][0]["campaign_name"] == "Spring"


def test_the_command_names_a_campaign_that_there_is_not(campaign):
    with pytest.raises(CommandError, match="no campaign “Winter”"):
        call_command("why", NUMBER, "--campaign", "Winter")


def test_the_number_of_a_decision_stands_in_the_form_for_those_who_may_see_it(campaign, supervisor, reader):
    decide(campaign, lead_of(campaign), NOON)
    address = "/compliance/why/?decision=1"
    assert f'value="{NUMBER}"' in page_of(supervisor, address)[1]
    assert NUMBER not in page_of(reader, address)[1]


def test_the_story_begins_with_the_newest_decision(campaign, supervisor):
    lead = lead_of(campaign)
    for at in (NOON, NOON + timedelta(hours=1)):
        decide(campaign, lead, at)
    _, text = page_of(supervisor, "/compliance/why/?decision=1")
    assert text.index("13:00:00") < text.index("12:00:00")
