"""A cap counts the dials to number and subject in its rolling window, and frees a dial at the right moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.choices import DialKind, Purpose, Refused
from compliance.gate import Granted
from compliance.models import Override

from ..conftest import NOON_IN_NEW_YORK

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("rules_that_count")]

MIAMI, TAMPA, PORTLAND_ME, BOSTON = "+13055550123", "+18135550123", "+12075550123", "+16175550123"
HOUR = timedelta(hours=1)


@pytest.fixture
def sell(ask):
    """A sales call to Florida."""

    def build(**changes):
        return ask(
            **{"number": MIAMI, "purpose": Purpose.SALES, "topic": "roofs", "max_attempts": 50, **changes}
        )

    return build


def reasons(answers):
    return [None if isinstance(answer, Granted) else answer.reason for answer in answers]


def test_the_fourth_call_about_a_matter_in_24_hours_is_refused_and_says_until_when(gate, sell):
    answers = gate.decide([sell(subject=f"lead:{n}") for n in range(4)])
    assert reasons(answers) == [None, None, None, Refused.CAP]
    assert answers[3].retry_at == NOON_IN_NEW_YORK + 24 * HOUR
    assert answers[3].detail == (
        "3 dials about this matter in the last 24 h; the limit is 3, so none until 2026-11-21 12:00 EST "
        "(Fla. Stat. 501.616(6)(b))."
    )


def test_the_window_rolls_dial_by_dial_to_the_microsecond(gate, sell, clock):
    start = clock.now
    for hours in (0, 1, 3):
        clock.now = start + hours * HOUR
        assert reasons(gate.decide([sell()])) == [None]
    clock.now = start + 24 * HOUR - timedelta(microseconds=1)
    (refused,) = gate.decide([sell()])
    assert (refused.reason, refused.retry_at) == (Refused.CAP, start + 24 * HOUR)
    clock.now = refused.retry_at
    assert reasons(gate.decide([sell(), sell()])) == [None, Refused.CAP]


def test_other_numbers_of_the_same_person_count_with_the_first(gate, sell):
    gate.decide([sell(), sell(), sell()])
    assert reasons(gate.decide([sell(number=TAMPA)])) == [Refused.CAP]
    assert reasons(gate.decide([sell(number=TAMPA, subject="lead:2")])) == [None]


def test_other_leads_with_the_same_number_count_with_the_first(gate, sell):
    gate.decide([sell(), sell(subject="lead:2"), sell(subject=f"number:{MIAMI}", kind=DialKind.MANUAL)])
    assert reasons(gate.decide([sell(subject="lead:3")])) == [Refused.CAP]


def test_another_matter_is_counted_by_itself(gate, sell):
    gate.decide([sell(), sell(), sell()])
    assert reasons(gate.decide([sell(topic="windows")])) == [None]


def test_a_campaign_without_a_matter_is_its_own_matter(gate, sell):
    gate.decide([sell(topic="", campaign=1), sell(topic="", campaign=1), sell(topic="campaign:1")])
    assert reasons(gate.decide([sell(topic="", campaign=2), sell(topic="", campaign=1)])) == [
        None,
        Refused.CAP,
    ]


@pytest.mark.parametrize("given", [{"state": "FL"}, {"postal_code": "33101"}, {"state": "Florida"}])
def test_the_strictest_of_all_states_where_the_called_party_may_be_holds(gate, sell, given):
    far = "+12125550123"
    asked = [sell(number=far, subject=f"lead:{n}", **given) for n in range(4)]
    assert reasons(gate.decide(asked)) == [None, None, None, Refused.CAP]
    assert reasons(gate.decide([sell(number=far, subject="lead:9")])) == [None], "New York has no cap"


def test_maine_allows_one_call_in_8_hours_about_whatever(gate, sell, clock):
    assert reasons(
        gate.decide([sell(number=PORTLAND_ME), sell(number=PORTLAND_ME, topic="x", subject="lead:2")])
    ) == [
        None,
        Refused.CAP,
    ]
    clock.now += 8 * HOUR
    assert reasons(gate.decide([sell(number=PORTLAND_ME)])) == [None]


def test_another_organisation_counts_for_itself(gate, sell, organisation):
    other = type(organisation).objects.create(name="Other").pk
    gate.decide([sell(), sell(), sell()])
    assert reasons(gate.decide([sell(organisation=other, caller_ids=(), trunk_presents_caller_id=True)])) == [
        None
    ]


def test_a_refused_dial_does_not_count(gate, sell, clock):
    gate.decide([sell(), sell(), sell(), sell(), sell()])
    clock.now += 24 * HOUR
    assert reasons(gate.decide([sell() for _ in range(4)])) == [None, None, None, Refused.CAP]


def collect(ask, **changes):
    changes = {"number": "+12125550123", "purpose": Purpose.COLLECTION, "max_attempts": 50, **changes}
    return ask(**changes)


def test_a_debt_is_called_about_seven_times_in_seven_days(gate, ask, clock):
    start = clock.now
    for day in range(7):
        clock.now = start + day * 24 * HOUR
        assert reasons(gate.decide([collect(ask)])) == [None]
    (refused,) = gate.decide([collect(ask)])
    assert (refused.reason, refused.retry_at) == (Refused.CAP, start + 168 * HOUR)
    assert reasons(gate.decide([collect(ask, subject="lead:2")])) == [None], "another debt, the same number"
    clock.now = refused.retry_at
    assert reasons(gate.decide([collect(ask)])) == [None]


def test_a_dial_by_hand_may_be_about_any_debt_of_the_number(gate, ask):
    by_hand = [collect(ask, subject="number:+12125550123", kind=DialKind.MANUAL) for _ in range(3)]
    gate.decide([*by_hand, *(collect(ask) for _ in range(4))])
    assert reasons(gate.decide([collect(ask)])) == [Refused.CAP]
    assert reasons(gate.decide([collect(ask, subject="lead:2")])) == [None]


def test_of_several_caps_the_one_that_holds_longest_is_told(gate, ask):
    (first, second, refused) = gate.decide([collect(ask, number=BOSTON) for _ in range(3)])
    assert reasons([first, second, refused]) == [None, None, Refused.CAP]
    assert "940 CMR 7.04(1)(f)" in refused.detail


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 7, 17, tzinfo=UTC),
        datetime(2026, 10, 31, 16, tzinfo=UTC),
        datetime(2028, 2, 28, 17, tzinfo=UTC),
        datetime(2026, 12, 31, 17, tzinfo=UTC),
    ],
    ids=["clocks go forward", "clocks go back", "leap day", "new year"],
)
def test_24_hours_are_24_hours_on_every_day(gate, sell, clock, start):
    clock.now = start
    gate.decide([sell(), sell(), sell()])
    (refused,) = gate.decide([sell()])
    assert refused.retry_at == start + timedelta(hours=24)


def tighten(organisation, person, rule, **value):
    return Override.objects.create(
        organisation=organisation,
        rule=rule,
        value=value,
        reason="Our own",
        loosens=False,
        effective=date(2026, 11, 1),
        proposed_by=person,
    )


def test_a_tightened_cap_holds_for_the_next_decision(gate, sell, organisation, person):
    assert reasons(gate.decide([sell()])) == [None]
    tighten(organisation, person, "us-fl-calls", limit=1, within="3 days")
    (refused,) = gate.decide([sell()])
    assert refused.retry_at == NOON_IN_NEW_YORK + 72 * HOUR


def test_a_cap_by_the_calendar_month_frees_on_the_first_of_the_next(gate, sell, organisation, person, clock):
    tighten(organisation, person, "us-fl-calls", limit=1, within="calendar month")
    clock.now = datetime(2026, 11, 1, 13, tzinfo=UTC)
    gate.decide([sell()])
    clock.now = datetime(2026, 11, 30, 22, tzinfo=UTC)
    (refused,) = gate.decide([sell()])
    assert refused.retry_at == datetime(2026, 12, 1, 5, tzinfo=UTC), "midnight in New York"
    assert refused.detail.startswith("1 dial about this matter this month; the limit is 1")


def test_a_cap_of_none_is_never_free(gate, sell, organisation, person):
    tighten(organisation, person, "us-fl-calls", limit=0)
    (refused,) = gate.decide([sell()])
    assert (refused.reason, refused.retry_at) == (Refused.CAP, None)


def test_dials_are_read_by_number_only_where_a_cap_counts_them(gate, sell):
    def statements(*requests):
        with CaptureQueriesContext(connection) as queries:
            gate.scrub(requests)
        return [query["sql"] for query in queries if "compliance_decision" in query["sql"]]

    (plain,) = statements(sell(number="+12125550123"))
    assert "UNION" not in plain
    (capped,) = statements(sell(), sell(number="+12125550123"))
    assert "UNION" in capped
