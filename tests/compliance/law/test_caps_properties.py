"""Whatever the dials, clocks and batches: the gate grants exactly what counting by hand allows."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation, User
from compliance.choices import DialKind, Purpose
from compliance.gate import Gate, Granted
from compliance.models import Override
from compliance.services.record_contact import Met, record_contacts

from ..conftest import ALWAYS, KEY, TEMPLATE, SetClock

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("rules_that_count")]

STATE_OF = {
    "+13055550123": {"FL"},
    "+14055550123": {"OK"},
    "+12075550123": {"ME"},
    "+16175550123": {"MA"},
    "+12125550123": set(),
}
"""Written by hand, not taken from the gate's table."""
PER_DAY, ATTEMPTS_A_DAY = 3, 9
DAY, WEEK = timedelta(days=1), timedelta(days=7)
ODD = [
    datetime(2026, 3, 8, 6, 59, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 59, tzinfo=UTC),
    datetime(2028, 2, 29, tzinfo=UTC),
]

dials = st.builds(
    lambda **changes: replace(TEMPLATE, max_attempts=ATTEMPTS_A_DAY, **changes),
    number=st.sampled_from(sorted(STATE_OF)),
    subject=st.sampled_from(["lead:1", "lead:2", "number:+13055550123"]),
    topic=st.sampled_from(["roofs", "", "campaign:7"]),
    campaign=st.sampled_from([7, 8]),
    state=st.sampled_from(["", "", "FL", "Maine"]),
    purpose=st.sampled_from([Purpose.SALES, Purpose.SALES, Purpose.COLLECTION, Purpose.INFORMATION]),
    kind=st.sampled_from([DialKind.AUTO, DialKind.MANUAL]),
)
pauses = st.one_of(
    st.sampled_from(
        [
            timedelta(0),
            timedelta(microseconds=1),
            timedelta(hours=8),
            DAY,
            WEEK,
            DAY - timedelta(microseconds=1),
        ]
    ),
    st.timedeltas(timedelta(0), timedelta(hours=20)),
)
steps = st.lists(dials, min_size=1, max_size=3).flatmap(
    lambda few: st.lists(
        st.tuples(pauses, st.lists(st.sampled_from(few), min_size=1, max_size=6), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
"""The same few dials again and again: only so caps are reached."""


def matter(dial):
    return dial.topic or f"campaign:{dial.campaign}"


def may_be_in(dial):
    given = {"": set(), "FL": {"FL"}, "Maine": {"ME"}}[dial.state]
    return STATE_OF[dial.number] | given


def no_lead(dial):
    return dial.subject.startswith("number:")


def same_debt(one, other):
    """Of one debt: the same lead; or of one number, where a dial by hand does not say which."""
    by_hand = no_lead(one) or no_lead(other)
    return one.subject == other.subject if not by_hand else one.number == other.number


def lawful(dial, now, granted, talked, own_limit):
    """The rules, counted over again from all that ever happened."""
    states = may_be_in(dial)

    def count(within, same):
        return sum(1 for at, other in granted if at > now - within and same(other))

    if count(DAY, lambda other: other.subject == dial.subject) >= ATTEMPTS_A_DAY:
        return False
    if dial.purpose == "sales" and not lawful_sale(dial, states, count, own_limit):
        return False
    if dial.purpose == "collection":
        calls = count(WEEK, lambda other: same_debt(other, dial))
        if calls >= (2 if "MA" in states else 7):
            return False
        if any(at + WEEK > now and same_debt(other, dial) for at, other in talked):
            return False
    return True


def lawful_sale(dial, states, count, own_limit):
    for state, limit in (("FL", own_limit), ("OK", PER_DAY)):
        of_number = count(DAY, lambda other: other.number == dial.number and matter(other) == matter(dial))
        of_lead = count(DAY, lambda other: same_debt(other, dial) and matter(other) == matter(dial))
        if state in states and max(of_number, of_lead) >= limit:
            return False
    return "ME" not in states or not count(timedelta(hours=8), lambda other: other.number == dial.number)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(ODD), steps=steps, own_limit=st.sampled_from([3, 3, 1]))
def test_nothing_is_granted_that_a_plain_count_forbids_and_nothing_else_refused(db, start, steps, own_limit):
    with transaction.atomic():
        organisation = Organisation.objects.create(name=uuid.uuid4().hex).pk
        if own_limit != PER_DAY:
            tighten(organisation, own_limit)
        clock = SetClock(start)
        gate = Gate(KEY, clock=clock, wall=lambda: clock().timestamp())
        granted, talked = [], []
        for pause, batch, talk in steps:
            clock.now += pause
            asked = [
                replace(
                    dial,
                    organisation=organisation,
                    call=uuid.uuid4().hex,
                    hours=ALWAYS,
                    caller_ids=(),
                    trunk_presents_caller_id=True,
                )
                for dial in batch
            ]
            answers = gate.decide(asked)
            for dial, answer in zip(asked, answers, strict=True):
                expected = lawful(dial, clock.now, granted, talked, own_limit)
                assert isinstance(answer, Granted) == expected, (dial, answer, granted)
                if expected:
                    granted.append((clock.now, dial))
            if talk and isinstance(answers[-1], Granted):
                talked.append((clock.now, asked[-1]))
                record_contacts(
                    [
                        Met(
                            organisation,
                            asked[-1].number,
                            asked[-1].subject,
                            7,
                            asked[-1].call,
                            "conversation",
                            clock.now,
                        )
                    ]
                )
        transaction.set_rollback(True)


def tighten(organisation, limit):
    person = User.objects.create(username=uuid.uuid4().hex, organisation_id=organisation)
    Override.objects.create(
        organisation_id=organisation,
        rule="us-fl-calls",
        value={"limit": limit},
        reason="Ours",
        loosens=False,
        effective=date(2026, 1, 1),
        proposed_by=person,
    )
