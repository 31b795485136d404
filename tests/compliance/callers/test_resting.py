"""When a caller ID rests: boundaries of the table, by what networks answer and how many people do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from compliance.callers.answers import is_blocked, is_short
from compliance.callers.health import problems
from compliance.callers.resting import Rate, chance_of, has_fallen, rest_for_blocks, rest_for_rate
from compliance.models import CallerDay, CallerId, CallerResult
from compliance.services.rest_caller_id import rest_caller_id
from compliance.services.wake_caller_id import wake_caller_id

from ..conftest import NOON_IN_NEW_YORK as NOON
from .conftest import NUMBER, day_of, results_of

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = date(2026, 11, 20)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("code", "reason", "blocked"),
    [
        (607, "Unwanted", True),
        (608, "Rejected", True),
        (603, "Network Blocked", True),
        (603, "NETWORK  BLOCKED", True),
        (603, 'Decline [Q.850;cause=21;text="v=analytics1;url=https://carrier.example/redress"]', True),
        (603, "Decline", False),
        (603, "Decline [Q.850;cause=21]", False),
        (486, "Busy Here", False),
        (480, "Network Blocked", False),
        (None, "", False),
    ],
)
def test_a_block_by_a_network_is_told_from_a_person_who_declines(code, reason, blocked):
    assert is_blocked(code, reason) is blocked


def test_a_call_is_short_when_somebody_answered_for_less_than_six_seconds():
    assert [is_short(True, 5.9), is_short(True, 6.0), is_short(False, 0.0)] == [True, False, False]


def test_one_blocked_call_is_no_rest():
    assert rest_for_blocks([NOON], NOON) is None


@pytest.mark.parametrize(("apart", "rests"), [(DAY - TICK, True), (DAY, False), (DAY + TICK, False)])
def test_two_blocked_calls_within_a_day_rest_it_for_a_day(apart, rests):
    found = rest_for_blocks([NOON - apart, NOON], NOON)
    assert (found and found.until) == (NOON + DAY if rests else None)


@pytest.mark.parametrize("first", [7 * DAY - TICK, 7 * DAY])
def test_five_blocked_calls_within_a_week_rest_it_for_a_week(first):
    at = [NOON - first, *(NOON - n * 30 * HOUR for n in (3, 2, 1)), NOON]
    found = rest_for_blocks(at, NOON)
    assert (found and found.until) == (NOON + 7 * DAY if first < 7 * DAY else None)


@pytest.mark.parametrize(
    "change", [datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)]
)
def test_a_day_is_24_hours_also_when_clocks_change(change):
    before = change - 12 * HOUR
    found = rest_for_blocks([before, before + 24 * HOUR - TICK], before + 24 * HOUR - TICK)
    assert found.until == before + 48 * HOUR - TICK


def test_the_chance_of_few_answers_is_the_binomials():
    assert chance_of(Rate(0, 100), 0.1) == pytest.approx(0.9**100)
    assert chance_of(Rate(2, 5), 0.5) == pytest.approx(0.5)
    assert chance_of(Rate(100, 100), 0.3) == pytest.approx(1.0)
    assert (chance_of(Rate(0, 10), 0.0), chance_of(Rate(3, 10), 1.0)) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("answered", "calls", "usual", "fallen"),
    [
        (1, 100, 0.10, True),
        (2, 100, 0.10, False),
        (4, 100, 0.10, False),
        (0, 100, 0.02, False),
        (15, 100, 0.40, True),
        (20, 100, 0.40, False),
        (9, 200, 0.10, False),
        (6, 200, 0.10, True),
    ],
)
def test_a_fall_is_below_half_and_not_by_chance(answered, calls, usual, fallen):
    assert has_fallen(Rate(answered, calls), usual) is fallen


def test_fewer_than_a_hundred_calls_or_a_thin_base_say_nothing():
    usual, nothing = Rate(400, 1000), Rate(0, 0)
    assert rest_for_rate(Rate(0, 99), usual, usual, NOON) is None
    assert rest_for_rate(Rate(0, 100), Rate(119, 299), nothing, NOON) is None
    assert rest_for_rate(Rate(0, 100), Rate(120, 300), nothing, NOON).until == NOON + 48 * HOUR
    assert "the pool's" in rest_for_rate(Rate(0, 100), nothing, usual, NOON).because


def test_two_calls_that_were_blocked_put_the_number_to_rest(gate, ask, ended, caller_id):
    ended(NOON - HOUR, code=607, reason="Unwanted")
    assert gate.scrub([ask()]) == [None]
    ended(NOON, code=603, reason="Network Blocked")
    (refused,) = gate.scrub([ask()])
    assert refused.retry_at == NOON + DAY
    caller_id.refresh_from_db()
    assert caller_id.rests_because == "2 calls blocked by networks within 24 hours (603+, 607, 608)"
    entry = AuditEntry.objects.get(action="caller_id.rested")
    assert (entry.actor, entry.target, entry.after["because"]) == ("gate", NUMBER, caller_id.rests_because)


def test_the_fifth_block_of_a_week_rests_it_for_a_week_and_tells_the_supervisor(ended, organisation):
    for hours in (100, 75, 50, 25, 0):
        ended(NOON - hours * HOUR, code=608, reason="Rejected")
    assert CallerId.objects.get().rests_until == NOON + 7 * DAY
    (sentence,) = problems(organisation.id, NOON)[1:]
    assert sentence == (
        f"{NUMBER} rests until Fri 27 Nov 12:00: 5 calls blocked by networks within 168 hours (603+, 607, 608)."
    )
    assert problems(organisation.id, NOON)[0].startswith("No caller ID may be shown now")
    assert problems(organisation.id, NOON + 7 * DAY) == []


def test_a_number_that_only_people_put_to_rest_is_shown_on(ended):
    CallerId.objects.update(rests_by_itself=False)
    for minute in range(5):
        ended(NOON + minute * timedelta(minutes=1), code=607, reason="Unwanted")
    assert CallerDay.objects.get().blocked == 5
    assert CallerId.objects.get().rests_until is None


def test_people_who_decline_or_do_not_answer_put_nothing_to_rest(ended):
    for number in range(8):
        ended(NOON + number * timedelta(minutes=1), code=603, reason="Decline")
    assert CallerId.objects.get().rests_until is None
    assert CallerDay.objects.get().blocked == 0


def test_a_call_is_counted_once_however_often_its_end_is_told(ended):
    assert [ended(call="c1", code=607), ended(call="c1", code=607)] == [True, False]
    assert (CallerDay.objects.get().ended, CallerDay.objects.get().blocked) == (1, 1)
    assert CallerId.objects.get().rests_until is None


def test_results_stand_on_the_organisations_day(ended):
    ended(datetime(2026, 11, 21, 4, 59, tzinfo=UTC), answered=True, talk_s=3)
    ended(datetime(2026, 11, 21, 5, 0, tzinfo=UTC), answered=True, talk_s=30)
    days = CallerDay.objects.order_by("day").values_list("day", "ended", "answered", "short", "dials")
    assert list(days) == [(TODAY, 1, 1, 1, 0), (TODAY + DAY, 1, 1, 0, 0)]


def test_a_number_that_is_not_in_the_pool_is_passed_over(ended):
    assert ended(number="+12125550999") is False
    assert not CallerDay.objects.exists()


def test_an_answer_rate_that_fell_rests_the_number_for_two_days(ended, caller_id):
    results_of(caller_id, [False] * 199, NOON - timedelta(minutes=1))
    day_of(caller_id, TODAY - DAY, dials=1000, ended=1000, answered=250)
    day_of(caller_id, TODAY, dials=199, ended=199)
    ended(NOON)
    caller_id.refresh_from_db()
    assert caller_id.rests_until == NOON + 48 * HOUR
    assert caller_id.rests_because == "Answer rate 0.0% of the last 200 calls; its own of 30 days is 25.0%"


def test_calls_before_a_rest_are_not_held_against_the_number_again(ended, caller_id):
    results_of(caller_id, [False] * 199, NOON - timedelta(minutes=1))
    day_of(caller_id, TODAY - DAY, dials=1000, ended=1000, answered=250)
    day_of(caller_id, TODAY, dials=199, ended=199)
    CallerId.objects.update(rests_until=NOON - timedelta(seconds=1))
    ended(NOON)
    assert CallerId.objects.get().rests_until == NOON - timedelta(seconds=1)


def test_a_shorter_rest_does_not_cut_a_longer_one(caller_id):
    assert rest_caller_id(caller_id, "ada", NOON + 7 * DAY, "Complaint")
    assert not rest_caller_id(caller_id, "gate", NOON + DAY, "2 blocked")
    caller_id.refresh_from_db()
    assert (caller_id.rests_until, caller_id.rests_because) == (NOON + 7 * DAY, "Complaint")


def test_who_is_woken_by_hand_starts_afresh_and_the_reason_is_kept(gate, ask, ended, caller_id):
    for minutes in (2, 1):
        ended(NOON - minutes * timedelta(minutes=1), code=607)
    caller_id.refresh_from_db()
    wake_caller_id(caller_id, "ada", "The carrier lifted the block", NOON)
    assert gate.scrub([ask()]) == [None]
    ended(NOON + timedelta(minutes=1), code=607)
    assert CallerId.objects.get().rests_until is None, "the blocks before are not counted any more"
    entry = AuditEntry.objects.get(action="caller_id.woken")
    assert (entry.actor, entry.after) == ("ada", {"reason": "The carrier lifted the block"})
    assert entry.before["because"].startswith("2 calls blocked")


def test_waking_needs_a_reason_and_a_rest(caller_id):
    with pytest.raises(ValidationError, match="does not rest"):
        wake_caller_id(caller_id, "ada", "why not", NOON)
    rest_caller_id(caller_id, "ada", NOON + DAY, "Complaint")
    with pytest.raises(ValidationError, match="Say why"):
        wake_caller_id(caller_id, "ada", "  ", NOON)
    assert CallerId.objects.get().rests_until == NOON + DAY


def test_the_floor_hears_of_many_rests_in_few_sentences(organisation, pool):
    pool(*(f"+1212555{n:04}" for n in range(6)), rests_until=NOON + DAY, rests_because="Complaint")
    found = problems(organisation.id, NOON)
    assert len(found) == 4
    assert found[-1] == "3 more caller IDs rest."


def test_results_that_no_rule_looks_at_any_more_go_and_their_day_stays(ended):
    ended(NOON - 36 * DAY, call="old")
    ended(NOON - 34 * DAY, call="young")
    ended(NOON, call="new")
    assert set(CallerResult.objects.values_list("call", flat=True)) == {"young", "new"}
    assert CallerDay.objects.count() == 3
