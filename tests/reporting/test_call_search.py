"""Searching calls: every filter, pages by key, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from campaigns.models import Campaign, Disposition
from dialer.calls.models import Trunk
from reporting.selectors.calls import PAGE_CALLS, CallKey, CallSearch, call_page, older_than, search_calls
from tests.accounts.makers import make_organisation, make_person

from .makers import NOON, make_call, talk

pytestmark = pytest.mark.integration


@pytest.fixture
def found(organisation):
    """The ids of what a search finds."""
    return lambda **filters: {call.pk for call in search_calls(organisation.pk, CallSearch(**filters))}


def test_the_end_of_the_time_range_is_not_included(campaign, found):
    make_call(campaign, at=-1)
    first, last = make_call(campaign, at=0), make_call(campaign, at=59)
    make_call(campaign, at=60)
    assert found(since=NOON, until=NOON + timedelta(seconds=60)) == {first.pk, last.pk}


def test_each_filter_finds_its_calls(campaign, organisation, found):
    other = Campaign.objects.create(organisation=organisation, name="Autumn")
    amy = make_person(organisation, "amy")
    trunk = Trunk.objects.create(organisation=organisation, name="North", host="127.0.0.1")
    sale = Disposition.objects.create(campaign=other, code="sale", name="Sale", meaning="success")
    make_call(campaign)
    wanted = make_call(other, agent=amy, trunk=trunk, disposition=sale, number="+13055550100", **talk())
    for filters in (
        {"campaign": other.pk},
        {"agent": amy.pk},
        {"trunk": trunk.pk},
        {"outcome": "connected"},
        {"disposition": "Sale"},
        {"number": "+1305"},
        {"number": "+13055550100", "whole_number": True},
        {"campaign": other.pk, "outcome": "connected", "agent": amy.pk},
    ):
        assert found(**filters) == {wanted.pk}, filters
    assert found(campaign=campaign.pk, outcome="connected") == set()
    assert found(number="+1305", whole_number=True) == set()


def test_the_beginning_of_a_number_finds_no_neighbour(campaign, found):
    wanted = [make_call(campaign, number=number) for number in ("+12129", "+12129999999")]
    make_call(campaign, number="+12130000000")
    make_call(campaign, number="+12128999999")
    assert found(number="+12129") == {call.pk for call in wanted}


def test_another_organisations_calls_are_never_found(campaign, organisation, found):
    theirs = Campaign.objects.create(organisation=make_organisation("Elsewhere"), name="Spring")
    make_call(theirs)
    mine = make_call(campaign)
    assert found() == {mine.pk}
    assert found(campaign=theirs.pk) == set()


def test_pages_hold_every_call_once_though_many_were_placed_at_one_moment(campaign, organisation):
    calls = [make_call(campaign, at=index // 70) for index in range(3 * PAGE_CALLS + 7)]
    search = search_calls(organisation.pk, CallSearch())
    seen, page = [], call_page(search)
    assert page.newer is None
    while True:
        seen += [call.pk for call in page.calls]
        if page.older is None:
            break
        page = call_page(search, older=page.older)
    expected = sorted(calls, key=lambda call: (call.placed_at, call.pk), reverse=True)
    assert seen == [call.pk for call in expected]


def test_the_way_back_shows_the_same_pages(campaign, organisation):
    for index in range(2 * PAGE_CALLS + 5):
        make_call(campaign, at=index)
    search = search_calls(organisation.pk, CallSearch())
    first = call_page(search)
    second = call_page(search, older=first.older)
    third = call_page(search, older=second.older)
    assert call_page(search, newer=third.newer).calls == second.calls
    back = call_page(search, newer=second.newer)
    assert (back.calls, back.newer) == (first.calls, None)


def test_a_page_before_the_newest_call_is_the_newest_page(campaign, organisation):
    call = make_call(campaign)
    assert call_page(search_calls(organisation.pk, CallSearch()), newer=CallKey.of(call)).calls == [call]


def test_a_key_survives_the_address(campaign):
    call = make_call(campaign, at=0.123457)
    assert CallKey.read(str(CallKey.of(call))) == CallKey.of(call)


@pytest.mark.parametrize("text", ["x", ".", "1e9.a", "9" * 40 + ".a", "-" * 5])
def test_an_address_that_names_no_place_is_told(text):
    with pytest.raises(ValueError):
        CallKey.read(text)


def test_one_page_is_one_query_and_begins_in_the_index(campaign, organisation, django_assert_num_queries):
    for index in range(3):
        make_call(campaign, at=index)
    search = search_calls(organisation.pk, CallSearch(since=NOON))
    key = CallKey.of(make_call(campaign, at=5))
    with django_assert_num_queries(1):
        page = call_page(search, older=key)
        assert [(call.campaign.name, call.agent, call.trunk, call.disposition) for call in page.calls]
    if connection.vendor == "sqlite":
        plan = older_than(search, key).explain()
        assert "INDEX call_by_time (organisation_id=? AND placed_at>? AND placed_at<?)" in plan
        assert "SCAN" not in plan
