"""A campaign's records tell what its people, machines and agents do; where they are too few, that is said."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.choices import Role
from campaigns.models import Campaign, Lead, LeadList
from dialer.calls.models import Call
from dialer.engine.virtual.values import Crew, FarEnd, Spell
from reporting.what_if.history import USUAL_AGENTS, USUAL_PEOPLE, read_history
from tests.accounts.makers import make_organisation, make_person

from .makers import make_call, talk
from .what_if_makers import make_calls, make_wrapups

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PEOPLE = FarEnd(
    answer_share=(0.3,),
    machine_share=0.2,
    busy_share=0.1,
    setup_s=2.2,
    rings=(Spell(7.0, 0.4),),
    machine_rings=(Spell(21.0, 0.15),),
)
TALKS = (Spell(10.0, 0.4, 0.3), Spell(150.0, 0.6, 0.7))
WRAPUPS = (Spell(25.0, 0.5),)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def lead(campaign):
    leads = LeadList.objects.create(organisation=campaign.organisation, campaign=campaign, name="March")
    return Lead.objects.create(organisation=campaign.organisation, lead_list=leads)


def measured(history):
    return {each.name: each.measured for each in history.basis}


def test_what_was_put_into_the_records_is_found_in_them(campaign, lead, now, django_assert_num_queries):
    make_calls(campaign, lead, PEOPLE, TALKS, 3000, now)
    make_wrapups(campaign, make_person(campaign.organisation, "amy", Role.AGENT), WRAPUPS, 300, now)
    with django_assert_num_queries(3):
        history = read_history(campaign, None, now)
    people = history.people
    assert people.answer_share[0] == pytest.approx(0.3, abs=0.02)
    assert people.machine_share == pytest.approx(0.2, abs=0.02)
    assert people.busy_share == pytest.approx(0.1, abs=0.02)
    assert people.setup_s == pytest.approx(2.2)
    assert people.rings[0].mean_s == pytest.approx(7.0, rel=0.05)
    assert people.machine_rings[0].mean_s == pytest.approx(21.0, rel=0.05)
    assert not people.detects_machines
    short, long = history.agents.talks
    assert (short.mean_s, long.mean_s) == (pytest.approx(10.0, rel=0.1), pytest.approx(150.0, rel=0.1))
    assert short.weight == pytest.approx(0.3, abs=0.05)
    assert history.agents.wrapups[0].mean_s == pytest.approx(25.0, rel=0.1)
    assert all(measured(history).values())


def test_hours_in_which_more_people_answer_are_told_apart_on_the_organisations_clock(campaign, lead):
    zone = ZoneInfo(campaign.organisation.time_zone)
    eleven = dt.datetime(2026, 11, 20, 11, 55, tzinfo=zone)
    make_calls(campaign, lead, FarEnd(answer_share=(0.1,)), TALKS, 350, eleven)
    make_calls(campaign, lead, FarEnd(answer_share=(0.6,)), TALKS, 350, eleven + dt.timedelta(hours=3))
    history = read_history(campaign, None, eleven + dt.timedelta(hours=4))
    morning, afternoon = history.far_end(11, 1).answer_share, history.far_end(14, 1).answer_share
    assert (len(morning), len(history.far_end(11, 3.5).answer_share)) == (1, 4)
    assert morning[0] == pytest.approx(0.15, abs=0.06)
    assert afternoon[0] == pytest.approx(0.55, abs=0.08)
    assert history.far_end(3, 1).answer_share[0] == pytest.approx(history.people.answer_share[0], abs=0.01)


def test_a_list_has_a_history_of_its_own(campaign, lead, now):
    other = LeadList.objects.create(organisation=campaign.organisation, campaign=campaign, name="April")
    make_calls(campaign, lead, FarEnd(answer_share=(0.6,)), TALKS, 300, now)
    stranger = Lead.objects.create(organisation=campaign.organisation, lead_list=other)
    make_calls(campaign, stranger, FarEnd(answer_share=(0.2,)), TALKS, 400, now)
    assert read_history(campaign, lead.lead_list, now).people.answer_share[0] == pytest.approx(0.6, abs=0.08)
    assert read_history(campaign, other, now).calls == 400


def test_with_too_few_answers_a_usual_campaign_is_taken_and_that_is_said(campaign, now):
    for place in range(49):
        make_call(campaign, at=place, **talk(at=place))
    Call.objects.update(placed_at=now)
    history = read_history(campaign, None, now)
    assert history.people == USUAL_PEOPLE
    assert history.agents == USUAL_AGENTS
    assert not any(measured(history).values())
    assert history.basis[0].records == 49
    assert history.far_end(9, 2).answer_share == USUAL_PEOPLE.answer_share * 2


def test_dials_that_we_ended_and_calls_of_long_ago_or_of_others_say_nothing(campaign, lead, now):
    make_calls(campaign, lead, FarEnd(answer_share=(0.5,)), TALKS, 200, now)
    make_calls(campaign, lead, FarEnd(), TALKS, 20, now - dt.timedelta(days=31))
    for outcome in ("cancelled", "lost"):
        Call.objects.bulk_create(
            Call(
                id=f"{outcome}{place}", organisation=campaign.organisation, campaign=campaign, number="+12125550123",
                kind="auto", stage="ended", outcome=outcome, placed_at=now, ended_at=now,
            )
            for place in range(50)
        )  # fmt: skip
    elsewhere = Campaign.objects.create(organisation=make_organisation("Other"), name="Spring")
    make_calls(elsewhere, lead, FarEnd(), TALKS, 60, now)
    assert read_history(campaign, None, now).calls == 200


def test_people_machines_and_refusals_are_never_more_than_all_dials(campaign, lead, now):
    far = FarEnd(answer_share=(0.5,), machine_share=0.3, busy_share=0.2)
    make_calls(campaign, lead, far, Crew().talks, 600, now)
    history = read_history(campaign, None, now)
    for hour in range(24):
        people = history.far_end(hour, 1)
        assert people.answer_share[0] + people.machine_share + people.busy_share <= 1.0
