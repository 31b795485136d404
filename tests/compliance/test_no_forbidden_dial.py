"""Whatever happens in whatever order: no dial is granted that a plain restatement of all rules forbids.

Nor is one refused for a rule that the restatement does not see broken. ``PROPERTY_RUNS=20`` makes a long run of it.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from compliance.choices import DialKind, Message, Purpose
from compliance.gate import Gate, Granted
from compliance.law.places import place_of
from compliance.rules import RULES

from .conftest import ALWAYS, KEY, NOON_IN_NEW_YORK, TEMPLATE, SetClock
from .restatement import places
from .restatement.dials import CODES, GIVEN_STATES, GIVEN_ZONES, LAWFUL, ODD, OURS
from .restatement.judge import why_forbidden
from .restatement.lawful import a_world_at_noon, harmless, lawful_batches, lawful_dials
from .restatement.machine import TALLY, Compliance, ForbiddenDial
from .restatement.obstacles import OBSTACLES
from .restatement.world import World

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TIMES = int(os.environ.get("PROPERTY_RUNS", "1"))
"""How many times as many examples as usual."""
WITHIN_A_TEST = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
KNOWN_AREAS = sorted(
    code
    for table in (places.STATES, places.PROVINCES)
    for row in table.values()
    for code in row[2].split()
)  # fmt: skip
CHANGES_OF_CLOCKS = [
    datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 14, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC),
]  # fmt: skip
SPECIAL_DAYS = [
    datetime(2028, 2, 29, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC),
    datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 7, 3, tzinfo=UTC), datetime(2027, 2, 9, tzinfo=UTC),
    datetime(2027, 12, 31, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC), datetime(2029, 3, 30, tzinfo=UTC),
]  # fmt: skip
EDGES_MIN = [
    0,
    8 * 60,
    9 * 60,
    10 * 60,
    12 * 60,
    13 * 60 + 30,
    17 * 60,
    18 * 60,
    20 * 60,
    21 * 60,
    21 * 60 + 30,
]
NEAR = [timedelta(0), timedelta(microseconds=-1), timedelta(seconds=59), timedelta(minutes=-1)]

called = st.builds(lambda area: f"+1{area}5550123", st.sampled_from(KNOWN_AREAS)) | st.sampled_from(
    sorted(places.ABROAD)
)
"""Each area code of NANPA."""


@st.composite
def edges(draw, number: str) -> datetime:
    """A moment at which some clock of the number shows an hour at which a window opens or closes, or nearly."""
    day = draw(st.sampled_from(CHANGES_OF_CLOCKS + SPECIAL_DAYS)) + timedelta(days=draw(st.integers(-1, 1)))
    told = places.told_by_number(number)
    zone = ZoneInfo(draw(st.sampled_from(sorted(told[1])))) if told else UTC
    minutes = draw(st.sampled_from(EDGES_MIN))
    local = datetime(day.year, day.month, day.day, *divmod(minutes, 60), tzinfo=zone)
    return local.replace(fold=draw(st.sampled_from([0, 1]))).astimezone(UTC) + draw(st.sampled_from(NEAR))


@st.composite
def dials_at_an_edge(draw):
    """A call that needs nothing but to be in the hours, somewhere on the edge of them."""
    number = draw(called)
    request = replace(
        TEMPLATE,
        call=uuid.uuid4().hex,
        number=number,
        postal_code=draw(st.sampled_from(["", "", *CODES])),
        state=draw(st.sampled_from(GIVEN_STATES)),
        time_zone=draw(st.sampled_from(GIVEN_ZONES)),
        purpose=draw(st.sampled_from(list(Purpose))),
        message=draw(st.sampled_from([Message.LIVE, Message.LIVE, Message.RECORDED])),
        kind=DialKind.MANUAL,
        caller_ids=(),
        trunk_presents_caller_id=True,
        hours=ALWAYS,
    )
    return request, draw(edges(number))


def judged(request, organisation, now):
    """The gate's answer without writing; the restatement's for an organisation to which nothing ever happened."""
    asked = replace(request, organisation=organisation.id)
    (answer,) = Gate(KEY, clock=SetClock(now)).scrub([asked])
    return answer, why_forbidden(asked, World("America/New_York"), now)


def test_whatever_happens_no_dial_is_granted_that_a_plain_restatement_forbids():
    TALLY.clear()
    run_state_machine_as_test(
        Compliance,
        settings=settings(
            max_examples=25 * TIMES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert TALLY["granted"]
    assert TALLY["retries"]


def each_obstacle(test):
    """Once with each way in which one rule alone comes to forbid a dial."""
    return pytest.mark.parametrize("obstacle", OBSTACLES, ids=lambda obstacle: obstacle.make.__name__)(test)


def ours(world, dial):
    return replace(dial, organisation=world.organisations[OURS].pk)


def ask_past(obstacle, world, dial, others=()):
    """The gate's answer to a dial that one rule forbids, asked for among others; held to the restatement."""
    forbidden = obstacle.make(world, dial)
    against = why_forbidden(forbidden, world.worlds[OURS], world.now)
    assert against, "the obstacle is one"
    assert against <= obstacle.reasons, "nothing else forbids the dial"
    return world.ask([*(other for other in others if other.number != forbidden.number), forbidden])[-1]


@each_obstacle
@settings(max_examples=5 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(dial=lawful_dials, others=lawful_batches, happened=harmless)
def test_what_one_rule_forbids_is_refused_among_dials_that_are_granted(obstacle, dial, others, happened):
    with a_world_at_noon() as world:
        asked = [ours(world, each) for each in (dial, *others)]
        for each in happened:
            each(world, dial.number)
        assert world.gate.scrub(asked) == [None] * len(asked)
        answer = ask_past(obstacle, world, asked[0], asked[1:])
        assert (answer.rule, answer.reason in obstacle.reasons) == (obstacle.rule, True)


@each_obstacle
def test_the_proof_notices_a_gate_without_a_rule(obstacle, monkeypatch):
    """Without it the gate grants what it alone forbids; the comparison, not the answer, finds that out."""
    left = tuple(rule for rule in RULES if rule.id != obstacle.rule)
    with a_world_at_noon() as world:
        monkeypatch.setattr("compliance.gate.RULES", left)
        with pytest.raises(ForbiddenDial) as found:
            ask_past(obstacle, world, ours(world, replace(LAWFUL, call=uuid.uuid4().hex)))
    assert found.value.forbids <= obstacle.reasons


def test_each_rule_of_the_gate_has_an_obstacle_of_its_own():
    assert {obstacle.rule for obstacle in OBSTACLES} == {rule.id for rule in RULES}


@settings(max_examples=500 * TIMES, deadline=None, suppress_health_check=WITHIN_A_TEST)
@given(dial=dials_at_an_edge())
def test_at_the_edges_of_days_and_hours_gate_and_restatement_agree(organisation, dial):
    request, now = dial
    answer, forbids = judged(request, organisation, now)
    assert answer is not None or not forbids, (request, now, forbids)
    if answer is not None and not places.gate_may_refuse_more(
        request.number, request.postal_code, request.state
    ):
        assert answer.reason in forbids, (request, now, answer)


@pytest.mark.parametrize("number", ODD)
def test_what_is_no_subscribers_number_is_never_dialed(organisation, number):
    answer, forbids = judged(replace(TEMPLATE, number=number), organisation, NOON_IN_NEW_YORK)
    assert answer is not None
    assert forbids


def test_no_area_code_is_held_to_fewer_states_or_clocks_than_nanpa_gives_it():
    midyear = [datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 7)]
    for area in KNOWN_AREAS:
        if area in places.CAUTIOUS_CODES:
            continue
        states, zones = places.told_by_number(f"+1{area}5550123")
        place = place_of(f"+1{area}5550123")
        assert set(place.states) == states, area
        for moment in midyear:
            shown = {moment.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}
            assert {moment.astimezone(zone).utcoffset() for zone in place.zones} == shown, area


@pytest.mark.parametrize(
    ("postal_code", "lawful"), [("V6B 1A1", False), ("B3H 4R2", True), ("M5V 2T6", True)]
)
def test_a_canadian_postal_code_counts_by_the_clocks_of_its_province(organisation, postal_code, lawful):
    half_past_nine_in_toronto = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    request = replace(
        TEMPLATE,
        number="+14165550123",
        postal_code=postal_code,
        caller_ids=(),
        trunk_presents_caller_id=True,
    )
    answer, forbids = judged(request, organisation, half_past_nine_in_toronto)
    assert (answer is None, not forbids) == (lawful, lawful)


def hand_dials(organisation, count, **changes):
    """Dials of one lead by hand, in one batch."""
    one = replace(
        TEMPLATE,
        organisation=organisation.id,
        kind=DialKind.MANUAL,
        max_attempts=count,
        caller_ids=(),
        trunk_presents_caller_id=True,
        **changes,
    )
    return [replace(one, call=uuid.uuid4().hex) for _ in range(count)]


def granted(organisation, requests):
    answers = Gate(KEY, clock=SetClock(NOON_IN_NEW_YORK)).decide(requests)
    return sum(isinstance(answer, Granted) for answer in answers)


def test_a_huge_batch_of_one_number_is_granted_as_often_as_the_cap_allows(organisation):
    debts = hand_dials(organisation, 1000, purpose=Purpose.COLLECTION)
    assert granted(organisation, debts) == 7
    assert granted(organisation, hand_dials(organisation, 10, purpose=Purpose.COLLECTION)) == 0


def test_campaigns_about_one_matter_share_a_cap_however_they_write_it(organisation):
    survey = {"number": "+14105550123", "purpose": Purpose.SURVEY}
    first = hand_dials(organisation, 2, campaign=7, topic="Roofs", **survey)
    second = hand_dials(organisation, 2, campaign=8, topic=" roofs", subject="lead:2", **survey)
    assert granted(organisation, first + second) == 3


@pytest.mark.parametrize("number", ["+12125550123", "+14105550123"])
def test_a_signer_that_is_not_the_organisations_opens_nothing(organisation, number):
    assert granted(organisation, hand_dials(organisation, 1, number=number, signer=404)) == 0
