"""The pages of calls: what each role sees, what a search answers, what they cost."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign
from dialer.calls.models import CallEvent
from tests.accounts.makers import client_of, make_organisation

from .makers import NOON, make_call, talk

pytestmark = pytest.mark.integration
FROM_NOON = "since=2026-11-20T12:00"


def search(person, query=FROM_NOON):
    return client_of(person).get(f"/calls/?{query}")


def test_whole_numbers_are_for_those_who_may_see_them(campaign, supervisor, reader):
    call = make_call(campaign)
    for address in (f"/calls/?{FROM_NOON}", f"/calls/{call.pk}/"):
        assert "+12125550123" in client_of(supervisor).get(address).content.decode()
        masked = client_of(reader).get(address).content.decode()
        assert "+1212•••••23" in masked
        assert "2125550123" not in masked


def test_a_call_leads_to_why_it_was_made_for_those_who_see_its_number(campaign, supervisor, reader):
    call = make_call(campaign)
    way = b"/compliance/why/?number=%2B12125550123"
    assert way in client_of(supervisor).get(f"/calls/{call.pk}/").content
    assert b"/compliance/why/?" not in client_of(reader).get(f"/calls/{call.pk}/").content


def test_numbers_within_events_are_masked_too(campaign, supervisor, reader):
    call = make_call(campaign)
    CallEvent.objects.create(call=call, at=NOON, kind="placed", data={"to": "+12125550123"})
    assert "+12125550123" in client_of(supervisor).get(f"/calls/{call.pk}/").content.decode()
    assert "2125550123" not in client_of(reader).get(f"/calls/{call.pk}/").content.decode()


def test_who_may_not_see_numbers_cannot_find_them_out_by_their_beginnings(campaign, reader):
    make_call(campaign)
    answer = search(reader, f"{FROM_NOON}&number=2125")
    assert answer.status_code == 422
    assert b"Give the whole number" in answer.content
    assert len(search(reader, f"{FROM_NOON}&number=(212) 555-0123").context["rows"]) == 1


@pytest.mark.parametrize(
    ("number", "rows"), [("212 555 0123", 1), ("+12125550123", 1), ("2125", 1), ("+1212", 1), ("305555", 0)]
)
def test_a_number_is_found_as_people_write_it(number, rows, campaign, supervisor):
    make_call(campaign)
    query = f"{FROM_NOON}&number={number.replace('+', '%2B')}"
    assert len(search(supervisor, query).context["rows"]) == rows


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=yesterday", "since"),
        ("since=2026-11-20T12:00&until=2026-11-20T11:00", "until"),
        ("number=12", "number"),
        ("campaign=999", "campaign"),
        ("outcome=magic", "outcome"),
    ],
)
def test_a_search_that_makes_no_sense_is_answered_at_its_field(query, field, supervisor):
    answer = search(supervisor, query)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_times_are_those_of_the_organisation(campaign, supervisor):
    make_call(campaign, at=-60)
    inside = make_call(campaign, at=60)
    rows = search(supervisor).context["rows"]
    assert [row.call.pk for row in rows] == [inside.pk]
    assert "20 Nov, 12:01:00" in search(supervisor).content.decode()


def test_a_broken_place_in_the_list_shows_the_newest_calls(campaign, supervisor):
    make_call(campaign)
    assert len(search(supervisor, f"{FROM_NOON}&older=nonsense").context["rows"]) == 1


def test_nothing_found_says_what_to_do(supervisor):
    assert b"Widen the time" in search(supervisor).content


def test_a_full_page_costs_no_more_queries_than_an_empty_one(
    campaign, supervisor, django_assert_max_num_queries
):
    client = client_of(supervisor)
    for index in range(60):
        make_call(campaign, at=index, **talk(index))
    with django_assert_max_num_queries(8):
        assert len(client.get(f"/calls/?{FROM_NOON}").context["rows"]) == 50


def test_the_page_of_a_call_tells_all_of_it(campaign, supervisor, django_assert_max_num_queries):
    quality = {"codec": "PCMU", "rtt_ms": 18.25, "rx_lost": 0}
    call = make_call(campaign, agent=supervisor, quality=quality, sip_reason="OK", **talk())
    CallEvent.objects.create(call=call, at=NOON, kind="placed", data={"trunk": "North"})
    client = client_of(supervisor)
    with django_assert_max_num_queries(5):
        page = client.get(f"/calls/{call.pk}/").content.decode()
    for words in (
        "Connected",
        "12:00:05.080",
        "0.080 s",
        "1:00",
        "200 OK",
        "PCMU",
        "18.25 ms",
        "trunk",
        "North",
    ):
        assert words in page, words


def test_a_call_that_is_up_has_a_page(campaign, supervisor):
    call = make_call(campaign, stage="ringing", outcome="", ended_at=None)
    assert "Ringing" in client_of(supervisor).get(f"/calls/{call.pk}/").content.decode()


def test_another_organisations_call_has_no_page(supervisor):
    theirs = Campaign.objects.create(organisation=make_organisation("Elsewhere"), name="Spring")
    call = make_call(theirs)
    assert client_of(supervisor).get(f"/calls/{call.pk}/").status_code == 404
