"""Whatever clock, number, ZIP code and state: no call passes that a plain restatement of the law forbids.

The restatement is written from the texts of law, slowly and without the data or the helpers of the gate.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.choices import Purpose
from compliance.law.classes import compiled, may_call
from compliance.law.places import place_of
from compliance.law.windows import Kind
from compliance.rules import window
from compliance.rules.base import Allowed

from ..conftest import TEMPLATE
from ..restatement.holidays import holiday

pytestmark = pytest.mark.unit

EAST, MID, WEST, HILLS = "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver"
NUMBERS = {
    "+12125550123": ({"NY"}, {EAST}),
    "+12055550123": ({"AL"}, {MID}),
    "+15045550123": ({"LA"}, {MID}),
    "+16015550123": ({"MS"}, {MID}),
    "+13055550123": ({"FL"}, {EAST}),
    "+18505550123": ({"FL"}, {EAST, MID}),
    "+14055550123": ({"OK"}, {MID}),
    "+14105550123": ({"MD"}, {EAST}),
    "+12065550123": ({"WA"}, {WEST}),
    "+15025550123": ({"KY"}, {EAST}),
    "+12075550123": ({"ME"}, {EAST}),
    "+14015550123": ({"RI"}, {EAST}),
    "+17135550123": ({"TX"}, {MID}),
    "+19155550123": ({"TX"}, {MID, HILLS}),
    "+18015550123": ({"UT"}, {HILLS}),
    "+12155550123": ({"PA"}, {EAST}),
    "+16055550123": ({"SD"}, {MID, HILLS}),
    "+16175550123": ({"MA"}, {EAST}),
    "+19285550123": ({"AZ"}, {"America/Phoenix", HILLS}),
    "+18085550123": ({"HI"}, {"Pacific/Honolulu"}),
    "+16715550123": ({"GU"}, {"Pacific/Guam"}),
    "+14165550123": ({"ON"}, {"America/Toronto"}),
    "+442079460123": ({"UK"}, {"Europe/London"}),
    "+33142345678": ({"FR"}, {"Europe/Paris"}),
    "+18005550123": (None, None),
}
ZIPS = {"": (set(), set()), "90210": ({"CA"}, {WEST}), "36101-1234": ({"AL"}, {MID}), "?": (set(), set())}
STATES = {
    "": (set(), set()),
    "rhode island": ({"RI"}, {EAST}),
    "TN": ({"TN"}, {EAST, MID}),
    "UT": ({"UT"}, {HILLS}),
    "Eastland": (None, None),
}
ODD_DAYS = [
    *(datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
    *(datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 7, 4, tzinfo=UTC)),
    *(
        datetime(2027, 12, 24, tzinfo=UTC),
        datetime(2026, 7, 24, tzinfo=UTC),
        datetime(2026, 3, 29, tzinfo=UTC),
    ),
]


def sales_allowed(state, t):
    """Each state's own text; the federal hours hold besides."""
    hour, weekday, sunday = t.hour + t.minute / 60, t.isoweekday() < 6, t.isoweekday() == 7
    if state in ("AL", "LA", "MS"):
        return 8 <= hour < 20 and not sunday and not holiday(state, t.date())
    if state in ("FL", "OK", "MD", "WA", "MA"):
        return 8 <= hour < 20
    if state == "KY":
        return 10 <= hour < 21
    if state == "ME":
        return 9 <= hour < 17 and weekday
    if state == "SD":
        return 9 <= hour < 21 and weekday
    if state == "RI":
        saturday = t.isoweekday() == 6
        open_ = 10 <= hour < 17 if saturday else 9 <= hour < 18
        return open_ and not sunday and not holiday(state, t.date())
    if state == "TX":
        return (12 if sunday else 9) <= hour < 21
    if state == "UT":
        return 9 <= hour < 20 and not sunday and not holiday(state, t.date())
    if state == "PA":
        return (13.5 if sunday else 8) <= hour < 21 and not holiday(state, t.date())
    return 8 <= hour < 21


def state_allows(state, t, purpose):
    hour, weekend = t.hour + t.minute / 60, t.isoweekday() > 5
    if state == "ON":
        return 10 <= hour < 18 if weekend else 9 <= hour < 21.5
    if state == "UK":
        return 9 <= hour < 20 if weekend else 8 <= hour < 21
    if state == "FR" or not 8 <= hour < 21:
        return False
    return purpose not in ("sales", "charity") or sales_allowed(state, t)


def lawful(number, zip_code, state, purpose, now):
    by_number, by_zip = NUMBERS[number], ZIPS[zip_code] if number.startswith("+1") else (set(), set())
    by_state = STATES[state]
    if by_number[0] is None or (by_state[0] is None and number.startswith("+1")):
        return False
    told = by_number[0] | by_zip[0]
    zones = by_number[1] | by_zip[1]
    if by_state[0] and not by_state[0] <= told:
        told, zones = told | by_state[0], zones | by_state[1]
    return all(state_allows(each, now.astimezone(ZoneInfo(zone)), purpose) for zone in zones for each in told)


moments = st.one_of(
    st.datetimes(datetime(2025, 1, 2), datetime(2029, 12, 30)).map(lambda at: at.replace(tzinfo=UTC)),
    st.builds(
        lambda day, quarter: day + timedelta(minutes=15 * quarter),
        st.sampled_from(ODD_DAYS),
        st.integers(-200, 200),
    ),
)
leads = st.tuples(
    st.sampled_from(sorted(NUMBERS)),
    st.sampled_from(sorted(ZIPS)),
    st.sampled_from(["", "", *sorted(STATES)]),
    st.sampled_from(list(Purpose)),
)


def requested(lead):
    number, zip_code, state, purpose = lead
    return replace(TEMPLATE, number=number, postal_code=zip_code, state=state, purpose=purpose)


TWO_WEEKS_H = 14 * 24


def facts_at(now):
    return SimpleNamespace(now=now, overrides={}, window_verdicts={})


@settings(max_examples=500, deadline=None)
@given(now=moments, batch=st.lists(leads, min_size=1, max_size=8))
def test_the_hours_allow_exactly_what_a_plain_restatement_allows(now, batch):
    facts = facts_at(now)
    for lead in batch:
        answer = window.ask(requested(lead), facts)
        assert isinstance(answer, Allowed) == lawful(*lead, now), (lead, now, answer)


@settings(max_examples=150, deadline=None)
@given(now=moments, lead=leads)
def test_the_next_moment_is_lawful_and_none_before_it_is(now, lead):
    answer = window.ask(requested(lead), facts_at(now))
    if isinstance(answer, Allowed):
        return
    opens = answer.retry_at
    if opens is None:
        assert not any(lawful(*lead, now + timedelta(hours=hour)) for hour in range(TWO_WEEKS_H))
        return
    assert opens > now
    assert lawful(*lead, opens)
    between = (opens - now) / 40
    assert not any(lawful(*lead, now + step * between) for step in range(40))
    assert not lawful(*lead, opens - timedelta(seconds=1))


@settings(max_examples=100, deadline=None)
@given(now=moments, purpose=st.sampled_from(list(Purpose)))
def test_classes_tell_of_a_page_what_the_gate_tells_of_each_lead(now, purpose):
    known = [lead for lead in NUMBERS if NUMBERS[lead][0]]
    places = [place_of(number, zip_code) for number in known for zip_code in ("", "90210")]
    rows = tuple(
        (pk, " ".join(place.states), " ".join(zone.key for zone in place.zones))
        for pk, place in enumerate(places, start=1)
    )
    allowed = compiled(rows).allowed(now, Kind(purpose))
    expected = [lawful(number, zip_code, "", purpose, now) for number in known for zip_code in ("", "90210")]
    assert may_call(allowed, list(range(1, len(rows) + 1))).tolist() == expected
    assert may_call(allowed, [0, len(rows) + 5]).tolist() == [True, True]
