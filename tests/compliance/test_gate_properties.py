"""Whatever the clock, the number and the room: the gate grants exactly what a plain restatement of the rules allows."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from compliance.choices import DialKind
from compliance.gate import CallerIdOffer, CampaignHours, Gate, Granted
from compliance.services.add_to_dnc import add_to_dnc
from dialer.bus.permit import PermitInvalid, open_permit

from .conftest import KEY, TEMPLATE, SetClock, give_caller_ids

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ZONES_BY_NUMBER = {
    "+12125550123": ["America/New_York"],
    "+13125550123": ["America/Chicago"],
    "+16025550123": ["America/Phoenix"],
    "+14235550123": ["America/New_York", "America/Chicago"],
    "+19285550123": ["America/Phoenix", "America/Denver"],
    "+18085550123": ["Pacific/Honolulu"],
    "+16715550123": ["Pacific/Guam"],
    "+442079460123": ["Europe/London"],
}
"""Written by hand, not taken from the gate's table."""
NEVER = ["+1911", "911", "+19005550123", "+12129110123", "+18005550123", "+12129760123", "nonsense", ""]
ZONE_OF_ZIP = {"": [], "90210": ["America/Los_Angeles"], "10001-1234": ["America/New_York"], "?": []}
ODD_DAYS = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2028, 2, 29, tzinfo=UTC),
    datetime(2027, 1, 1, 5, tzinfo=UTC),
]

moments = st.one_of(
    st.datetimes(datetime(2025, 6, 1), datetime(2031, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    st.builds(
        lambda day, seconds: day + timedelta(seconds=seconds),
        st.sampled_from(ODD_DAYS),
        st.integers(-90_000, 90_000),
    ),
    st.sampled_from([datetime(1970, 1, 1, 17, tzinfo=UTC), datetime(2024, 12, 31, 17, tzinfo=UTC)]),
)
hours = st.builds(
    CampaignHours,
    st.sampled_from([time(0), time(8), time(9, 30), time(20)]),
    st.sampled_from([time(0), time(17), time(21), time(4)]),
    st.sampled_from(["1234567", "12345", "67"]),
    st.sampled_from(["America/New_York", "Asia/Manila", "America/Los_Angeles"]),
)
requests = st.builds(
    lambda **changes: replace(TEMPLATE, **changes),
    call=st.builds(lambda: uuid.uuid4().hex),
    subject=st.sampled_from(["lead:1", "lead:2"]),
    number=st.one_of(st.sampled_from(sorted(ZONES_BY_NUMBER)), st.sampled_from(NEVER)),
    kind=st.sampled_from(list(DialKind)),
    attempts=st.integers(0, 3),
    max_attempts=st.integers(1, 3),
    postal_code=st.sampled_from(sorted(ZONE_OF_ZIP)),
    time_zone=st.sampled_from(["", "", "", "America/Denver", "Mars/Olympus"]),
    hours=hours | st.just(TEMPLATE.hours) | st.just(TEMPLATE.hours),
    dialing_stopped=st.sampled_from([False] * 9 + [True]),
    campaign_dialing=st.sampled_from([True] * 9 + [False]),
    caller_ids=st.sampled_from([TEMPLATE.caller_ids, TEMPLATE.caller_ids, (), (CallerIdOffer("none"),)]),
    trunk_presents_caller_id=st.booleans(),
)

blocks = st.sets(st.sampled_from(sorted(ZONES_BY_NUMBER)), max_size=2)


def with_caller_ids():
    """A new organisation whose pool holds what the requests offer."""
    organisation = Organisation.objects.create(name=uuid.uuid4().hex)
    give_caller_ids(organisation, *TEMPLATE.caller_ids)
    return organisation.id


def lawful(request, now, on_list, permitted_today):
    """The rules, said again as plainly as possible."""
    if now.year < 2025 or request.dialing_stopped or not request.campaign_dialing:
        return False
    if request.number not in ZONES_BY_NUMBER or request.number in on_list:
        return False
    if request.time_zone == "Mars/Olympus":
        return False
    zones = [*ZONES_BY_NUMBER[request.number], *([request.time_zone] if request.time_zone else [])]
    if request.number.startswith("+1"):
        zones += ZONE_OF_ZIP[request.postal_code]
    british = request.number.startswith("+44")
    if any(outside_legal_hours(now.astimezone(ZoneInfo(zone)), british) for zone in zones):
        return False
    asked_for = request.kind in ("manual", "callback")
    if permitted_today >= request.max_attempts or (
        request.attempts >= request.max_attempts and not asked_for
    ):
        return False
    shows_a_number = request.caller_ids == TEMPLATE.caller_ids or request.trunk_presents_caller_id
    return shows_a_number and within(request.hours, now)


def outside_legal_hours(local, british):
    """Of a call that sells nothing: the federal hours, and the British industry's on weekends."""
    opens, closes = (9, 20) if british and local.isoweekday() > 5 else (8, 21)
    return not opens <= local.hour < closes


def within(hours, now):
    local = now.astimezone(ZoneInfo(hours.time_zone))
    clock = local.time().replace(tzinfo=None)
    opened = local.isoweekday()
    if hours.closes <= hours.opens:
        if clock < hours.closes:
            opened = (local.date() - timedelta(days=1)).isoweekday()
        elif clock < hours.opens:
            return False
    elif not hours.opens <= clock < hours.closes:
        return False
    return str(opened) in hours.weekdays


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    now=moments,
    asked=st.lists(requests, min_size=1, max_size=6),
    blocked=st.sets(st.sampled_from(sorted(ZONES_BY_NUMBER)), max_size=2),
)
def test_nothing_is_granted_that_a_plain_restatement_forbids_and_nothing_else_refused(
    db, now, asked, blocked
):
    with transaction.atomic():
        organisation = with_caller_ids()
        asked = [replace(request, organisation=organisation) for request in asked]
        clock = SetClock(now)
        gate = Gate(KEY, clock=clock, wall=lambda: now.timestamp())
        scrubbed = gate.scrub(asked)
        if blocked:
            add_to_dnc(organisation, sorted(blocked), "manual")
        answers = gate.decide(asked)
        permitted = {}
        for request, answer, passed in zip(asked, answers, scrubbed, strict=True):
            expected = lawful(request, now, blocked, permitted.get(request.subject, 0))
            assert isinstance(answer, Granted) == expected, (request, answer)
            if not expected:
                continue
            assert passed is None
            permitted[request.subject] = permitted.get(request.subject, 0) + 1
            check_permit(answer, request, now.timestamp())
        transaction.set_rollback(True)


def check_permit(answer, request, at):
    permit = open_permit(answer.sealed, KEY, at)
    assert (permit.call, permit.number, permit.node) == (request.call, request.number, request.node)
    with pytest.raises(PermitInvalid):
        open_permit(answer.sealed, KEY, at + 60)
    with pytest.raises(PermitInvalid):
        open_permit(answer.sealed, b"another key that nobody should ha", at)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(now=moments.filter(lambda at: at.year >= 2025), request_=requests)
def test_a_retry_is_granted_when_its_moment_comes_unless_another_rule_stands_in_the_way(db, now, request_):
    with transaction.atomic():
        organisation = with_caller_ids()
        clock = SetClock(now)
        gate = Gate(KEY, clock=clock)
        asked = replace(request_, organisation=organisation)
        (answer,) = gate.scrub([asked])
        if answer is not None and answer.retry_at is not None:
            assert answer.retry_at > now
            clock.now = answer.retry_at
            (again,) = gate.scrub([asked])
            assert again is None or again.reason != answer.reason
        transaction.set_rollback(True)
