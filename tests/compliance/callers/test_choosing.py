"""Each dial shows the nearest caller ID that may be shown, the least used first, and says which and why."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.callers import presence
from compliance.callers.choosing import choose, take
from compliance.callers.facts import gather
from compliance.choices import Refused
from compliance.gate import CallerIdOffer, Granted
from compliance.models import CallerDay, CallerId, Decision

from ..conftest import NOON_IN_NEW_YORK
from .conftest import NUMBER, day_of

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TODAY = date(2026, 11, 20)
MANHATTAN, BUFFALO, CHICAGO, LONDON = "+12125550100", "+17165550100", "+13125550111", "+442079460000"


def shown(gate, ask, offers, numbers):
    answers = gate.decide(
        [ask(subject=f"lead:{n}", number=number, caller_ids=offers) for n, number in enumerate(numbers)]
    )
    return [each.permit.caller_id if isinstance(each, Granted) else each.reason for each in answers]


def saw():
    return json.loads(Decision.objects.latest("sequence").evidence)["rules"]["caller_id"][1]


def test_the_same_area_code_comes_first_then_the_same_state_then_any(gate, ask, pool):
    offers = pool(CHICAGO, BUFFALO, MANHATTAN)
    assert shown(gate, ask, offers, ["+12125550123"]) == [MANHATTAN]
    assert saw() == f"{MANHATTAN}, own area code, 0 today"
    assert shown(gate, ask, offers, ["+15185550123"]) == [BUFFALO]
    assert saw() == f"{BUFFALO}, own state, 0 today"
    assert shown(gate, ask, offers, ["+14045550123"]) == [CHICAGO]
    assert saw() == f"{CHICAGO}, no nearer one, 0 today"


def test_a_province_of_canada_is_a_state(gate, ask, pool):
    toronto, vancouver = "+14165550100", "+16045550100"
    offers = pool(vancouver, toronto)
    assert shown(gate, ask, offers, ["+16475550123"]) == [toronto]


def test_a_number_abroad_is_shown_any_caller_id(gate, ask, pool):
    assert shown(gate, ask, pool(LONDON), ["+12125550123"]) == [LONDON]


def test_the_least_used_is_shown_and_equal_ones_take_turns(gate, ask, pool):
    offers = pool("+12125550101", "+12125550102", "+12125550103")
    day_of(CallerId.objects.get(number="+12125550102"), TODAY, dials=2)
    numbers = [f"+1212555{n:04}" for n in range(200, 208)]
    assert [each[-1] for each in shown(gate, ask, offers, numbers)] == list("13131231")


def test_the_evidence_says_how_far_the_daily_limit_is_used(gate, ask, pool):
    offers = pool(MANHATTAN, daily_limit=100)
    day_of(CallerId.objects.get(number=MANHATTAN), TODAY, dials=12)
    shown(gate, ask, offers, ["+12125550123"])
    assert saw() == f"{MANHATTAN}, own area code, 12 of 100 today"


def test_dials_are_counted_on_the_organisations_day_when_they_are_granted(gate, ask, clock, pool):
    offers = pool(MANHATTAN)
    clock.now = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
    assert shown(gate, ask, offers, ["+12125550123", "911"]) == [MANHATTAN, Refused.INVALID_NUMBER]
    assert list(CallerDay.objects.values_list("day", "dials")) == [(TODAY, 1)]
    shown(gate, ask, offers, ["+12125550124"])
    assert list(CallerDay.objects.values_list("day", "dials")) == [(TODAY, 2)]


def test_the_last_call_of_a_day_is_given_once_within_a_batch(gate, ask, pool):
    offers = pool(MANHATTAN, daily_limit=2)
    numbers = [f"+1212555{n:04}" for n in range(200, 204)]
    assert shown(gate, ask, offers, numbers) == [MANHATTAN, MANHATTAN, *[Refused.CALLER_IDS_REST] * 2]
    assert shown(gate, ask, offers, ["+12125550210"]) == [Refused.CALLER_IDS_REST]


def test_a_number_that_is_used_up_gives_way_to_one_farther_away(gate, ask, pool):
    offers = pool(MANHATTAN, daily_limit=1) + pool(CHICAGO)
    assert shown(gate, ask, offers, ["+12125550200", "+12125550201"]) == [MANHATTAN, CHICAGO]


def test_limits_begin_anew_at_midnight_of_the_organisation(gate, ask, clock, pool):
    offers = pool(MANHATTAN, daily_limit=1)
    assert shown(gate, ask, offers, ["+12125550200"]) == [MANHATTAN]
    (refused,) = gate.decide([ask(caller_ids=offers, subject="lead:9")])
    assert (refused.reason, refused.retry_at) == (
        Refused.CALLER_IDS_REST,
        datetime(2026, 11, 21, 5, 0, tzinfo=UTC),
    )
    assert "(0 resting, 1 at the daily limit)" in refused.detail
    clock.now = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    assert shown(gate, ask, offers, ["+12125550201"]) == [MANHATTAN]


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 11, 1, 17, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)),
        (datetime(2026, 3, 8, 17, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (datetime(2026, 10, 31, 17, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_midnight_is_right_on_days_when_clocks_change(gate, ask, clock, pool, now, midnight):
    clock.now = now
    offers = pool(MANHATTAN, daily_limit=1)
    shown(gate, ask, offers, ["+12125550200"])
    (refused,) = gate.scrub([ask(caller_ids=offers, subject="lead:9")])
    assert refused.retry_at == midnight


def test_a_resting_number_is_shown_from_the_moment_its_rest_ends(gate, ask, clock, caller_id):
    ends = NOON_IN_NEW_YORK + timedelta(hours=1)
    CallerId.objects.update(rests_until=ends)
    (refused,) = gate.decide([ask()])
    assert (refused.reason, refused.retry_at) == (Refused.CALLER_IDS_REST, ends)
    clock.now = ends - timedelta(microseconds=1)
    assert gate.scrub([ask()])[0].reason == Refused.CALLER_IDS_REST
    clock.now = ends
    assert gate.scrub([ask()]) == [None]


def test_the_retry_is_when_the_first_of_all_may_be_shown(gate, ask, pool):
    now = NOON_IN_NEW_YORK
    offers = pool(MANHATTAN, rests_until=now + timedelta(days=3)) + pool(CHICAGO, daily_limit=1)
    day_of(CallerId.objects.get(number=CHICAGO), TODAY, dials=1)
    (refused,) = gate.scrub([ask(caller_ids=offers)])
    assert refused.retry_at == datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
    CallerId.objects.filter(number=CHICAGO).update(rests_until=now + timedelta(days=5))
    (refused,) = gate.scrub([ask(caller_ids=offers)])
    assert refused.retry_at == now + timedelta(days=3)


def test_a_number_that_is_switched_off_or_not_in_the_pool_is_not_shown(gate, ask, caller_id):
    stranger = (CallerIdOffer("+12125550177"),)
    assert shown(gate, ask, stranger, ["+12125550123"]) == [Refused.NO_CALLER_ID]
    CallerId.objects.update(active=False)
    assert shown(gate, ask, (CallerIdOffer(NUMBER),), ["+12125550123"]) == [Refused.NO_CALLER_ID]


def test_the_trunks_own_number_does_not_stand_in_for_numbers_that_rest(gate, ask, caller_id):
    CallerId.objects.update(rests_until=NOON_IN_NEW_YORK + timedelta(hours=1))
    (answer,) = gate.scrub([ask(trunk_presents_caller_id=True)])
    assert answer.reason == Refused.CALLER_IDS_REST
    assert gate.scrub([ask(caller_ids=(), trunk_presents_caller_id=True)]) == [None]


def test_name_and_attestation_come_from_the_pool_and_not_from_an_older_offer(gate, ask, pool):
    pool(MANHATTAN, display_name="New name", attestation="B")
    (granted,) = gate.decide([ask(caller_ids=(CallerIdOffer(MANHATTAN, "Old name", "A"),))])
    assert (granted.permit.display_name, granted.permit.attestation) == ("New name", "B")


def test_another_organisations_use_of_the_same_number_is_its_own(gate, ask, organisation, pool):
    other = type(organisation).objects.create(name="Other")
    theirs = CallerId.objects.create(organisation=other, number=MANHATTAN, daily_limit=1)
    day_of(theirs, TODAY, dials=1)
    assert shown(gate, ask, pool(MANHATTAN, daily_limit=1), ["+12125550123"]) == [MANHATTAN]


def test_where_a_thousand_offers_are_is_worked_out_once(monkeypatch):
    offers = tuple(CallerIdOffer(f"+1212555{n:04}") for n in range(1000))
    worked_out = []
    monkeypatch.setattr(presence, "_worked_out", lambda given: worked_out.append(given) or given)
    for _ in range(3):
        presence.nearness_of(offers)
    assert worked_out == [offers]
    presence.nearness_of((*offers[:1], *offers[1:]))
    assert len(worked_out) == 2, "another tuple may hold other offers"


def test_a_pool_of_a_thousand_costs_no_more_queries_than_one_number(
    gate, ask, pool, django_assert_max_num_queries
):
    offers = pool(*(f"+1{area}555{n:04}" for area in (212, 414, 404, 716, 213) for n in range(200)))
    requests = [ask(subject=f"lead:{n}", number=f"+1212556{n:04}", caller_ids=offers) for n in range(400)]
    with django_assert_max_num_queries(25):
        answers = gate.decide(requests)
    counts = list(CallerDay.objects.values_list("dials", flat=True))
    assert len(answers) == 400
    assert counts == [2] * 200, "the 200 numbers of the area code, each as often as the others"


def test_one_dial_reads_the_numbers_near_it_and_the_others_only_when_it_must(ask, pool):
    near = pool("+12125550101", daily_limit=1)
    offers = near + pool(*(f"+1404555{n:04}" for n in range(30)))
    request = ask(caller_ids=offers)
    facts = gather([request], NOON_IN_NEW_YORK)
    assert choose(request, facts).number.number == "+12125550101"
    (read,) = facts.pools.values()
    assert list(read.numbers) == ["+12125550101"]
    take(request, facts)
    assert choose(request, facts).number.number == "+14045550000"
