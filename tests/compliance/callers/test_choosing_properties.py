"""Whatever the pool and the batch: a plain restatement of the choice agrees with the gate's, dial by dial."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from compliance.callers.choosing import choose
from compliance.callers.facts import gather
from compliance.choices import Refused
from compliance.gate import CallerIdOffer, Gate, Granted
from compliance.models import CallerDay, CallerId

from ..conftest import KEY, NOON_IN_NEW_YORK, TEMPLATE, SetClock

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TODAY = date(2026, 11, 20)
STATE = {"212": "NY", "716": "NY", "312": "IL", "773": "IL", "202": "DC", "404": "GA"}
"""Written by hand, not taken from the gate's table."""
POOL = ["+12125550101", "+12125550102", "+17165550101", "+13125550101", "+17735550101", "+18005550101"]
CALLED = [f"+1{area}5550{n}" for area in ("212", "716", "312", "202", "404") for n in (201, 202)]

members = st.fixed_dictionaries(
    {
        "active": st.sampled_from([True, True, True, False]),
        "daily_limit": st.integers(0, 3),
        "dials": st.integers(0, 3),
        "rests_s": st.sampled_from([None, None, -1, 0, 1, 90_000]),
    }
)
pools = st.dictionaries(st.sampled_from(POOL), members)


def make_pool(pool):
    organisation = Organisation.objects.create(name=uuid.uuid4().hex)
    for number, member in pool.items():
        rests = member["rests_s"]
        row = CallerId.objects.create(
            organisation=organisation,
            number=number,
            active=member["active"],
            daily_limit=member["daily_limit"],
            rests_until=None if rests is None else NOON_IN_NEW_YORK + timedelta(seconds=rests),
        )
        CallerDay.objects.create(caller_id=row, day=TODAY, dials=member["dials"])
    return organisation.id


def may_be_shown(member):
    used_up = member["daily_limit"] and member["dials"] >= member["daily_limit"]
    return member["active"] and (member["rests_s"] or 0) <= 0 and not used_up


def nearest(numbers, called):
    """All of the area code; where there are none, all of the state; where there are none, all."""
    area = [number for number in numbers if number[2:5] == called[2:5]]
    state = [number for number in numbers if STATE.get(number[2:5]) == STATE[called[2:5]]]
    return area or state or numbers


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pool=pools,
    offered=st.sets(st.sampled_from(POOL)),
    called=st.lists(st.sampled_from(CALLED), min_size=1, max_size=12),
)
def test_every_choice_is_one_that_a_plain_restatement_allows(db, pool, offered, called):
    with transaction.atomic():
        organisation = make_pool(pool)
        offers = tuple(CallerIdOffer(number) for number in sorted(offered))
        gate = Gate(KEY, clock=SetClock(NOON_IN_NEW_YORK), wall=lambda: NOON_IN_NEW_YORK.timestamp())
        requests = [
            replace(
                TEMPLATE,
                call=uuid.uuid4().hex,
                organisation=organisation,
                subject=f"lead:{n}",
                number=number,
                caller_ids=offers,
            )
            for n, number in enumerate(called)
        ]
        answers = gate.decide(requests)
        state = {number: dict(member) for number, member in pool.items() if number in offered}
        for number, answer in zip(called, answers, strict=True):
            check(state, number, answer)
        for number, member in state.items():
            kept = CallerDay.objects.get(caller_id__organisation=organisation, caller_id__number=number)
            assert kept.dials == member["dials"]
        transaction.set_rollback(True)


def check(state, called, answer):
    """One answer against the pool as it stood then; a grant is counted."""
    free = [number for number, member in state.items() if may_be_shown(member)]
    if not free:
        active = [member for member in state.values() if member["active"]]
        assert answer.reason == (Refused.CALLER_IDS_REST if active else Refused.NO_CALLER_ID)
        assert (answer.retry_at is not None) == bool(active)
        return
    assert isinstance(answer, Granted), answer
    near = nearest(free, called)
    shown = answer.permit.caller_id
    assert shown in near
    assert state[shown]["dials"] == min(state[number]["dials"] for number in near)
    state[shown]["dials"] += 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pool=pools.filter(bool), hour=st.integers(0, 23))
def test_a_refusal_ends_at_its_retry_and_not_a_moment_before(db, pool, hour):
    with transaction.atomic():
        organisation = make_pool(pool)
        now = datetime(2026, 11, 20, 5, 13, tzinfo=UTC) + timedelta(hours=hour)
        request = replace(
            TEMPLATE, organisation=organisation, caller_ids=tuple(CallerIdOffer(n) for n in POOL)
        )
        choice = choose(request, gather([request], now))
        if choice is not None and choice.number is None:
            just_before = choice.retry_at - timedelta(microseconds=1)
            assert choose(request, gather([request], just_before)).number is None
            assert choose(request, gather([request], choice.retry_at)).number is not None
        transaction.set_rollback(True)
