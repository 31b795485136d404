"""Counts hold when several write at once, and nothing that was refused is counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from compliance.choices import Refused
from compliance.gate import CallerIdOffer, Gate, Granted
from compliance.models import CallerDay, CallerId, CallerResult
from compliance.services.count_caller_results import count_caller_results
from compliance.services.note_caller_result import Ended, note_caller_results

from ..conftest import KEY, NOON_IN_NEW_YORK
from .conftest import NUMBER

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
NO_SUCH_SIGNER = 999


def at_once(work, items):
    """Each item in a thread with a connection of its own."""

    def run(item):
        try:
            return work(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(run, items))


def test_two_gates_at_once_give_the_last_calls_of_a_day_once(ask, clock, organisation):
    CallerId.objects.update(daily_limit=5)
    gates = [Gate(KEY, clock=clock, wall=lambda: clock().timestamp()) for _ in range(2)]
    batches = [[ask(subject=f"lead:{gate}-{n}") for n in range(4)] for gate in range(2)]
    answers = at_once(lambda pair: pair[0].decide(pair[1]), list(zip(gates, batches, strict=True)))
    granted = [each for batch in answers for each in batch if isinstance(each, Granted)]
    refused = [each.reason for batch in answers for each in batch if not isinstance(each, Granted)]
    assert (len(granted), refused) == (5, [Refused.CALLER_IDS_REST] * 3)
    assert CallerDay.objects.get().dials == 5


def test_a_call_that_could_not_be_signed_is_not_counted(gate, ask):
    (refused,) = gate.decide([ask(signer=NO_SUCH_SIGNER)])
    assert refused.reason == Refused.UNSIGNED
    assert not CallerDay.objects.exists()


def test_a_request_is_counted_for_the_number_that_it_shows_and_no_other(gate, ask, pool):
    gate.decide([ask(subject="lead:1"), ask(subject="lead:2", caller_ids=pool("+12125550100"))])
    assert set(CallerDay.objects.values_list("caller_id__number", "dials")) == {
        (NUMBER, 1),
        ("+12125550100", 1),
    }
    gate.decide([ask(subject="lead:3", caller_ids=(), trunk_presents_caller_id=True)])
    assert sum(CallerDay.objects.values_list("dials", flat=True)) == 2


def test_scrubbing_counts_nothing_and_does_not_use_up_the_limit(gate, ask):
    CallerId.objects.update(daily_limit=1)
    assert gate.scrub([ask(subject="lead:1"), ask(subject="lead:2")]) == [None, None]
    assert not CallerDay.objects.exists()


def test_results_are_counted_when_they_are_committed(organisation):
    note_caller_results(
        [
            Ended(
                organisation.id,
                NUMBER,
                "c1",
                NOON_IN_NEW_YORK,
                sip_code=607,
                sip_reason="Unwanted",
                answered=False,
            )
        ]
    )
    assert list(CallerDay.objects.values_list("ended", "blocked")) == [(1, 1)]


def test_who_counts_at_the_same_time_counts_each_result_once(organisation):
    caller_id = CallerId.objects.get()
    CallerResult.objects.bulk_create(
        CallerResult(
            caller_id=caller_id,
            call=f"c{number}",
            at=NOON_IN_NEW_YORK,
            answered=number % 2 == 0,
            blocked=False,
            short=False,
        )
        for number in range(40)
    )
    counted = at_once(count_caller_results, [organisation.id] * 4)
    assert sorted(counted) == [0, 0, 0, 40]
    assert list(CallerDay.objects.values_list("ended", "answered")) == [(40, 20)]


def test_results_and_dials_of_a_day_stand_in_one_row(gate, ask, organisation):
    gate.decide([ask(caller_ids=(CallerIdOffer(NUMBER),))])
    note_caller_results(
        [
            Ended(
                organisation.id,
                NUMBER,
                "c1",
                NOON_IN_NEW_YORK,
                sip_code=200,
                sip_reason="",
                answered=True,
                talk_s=2.0,
            )
        ]
    )
    day = CallerDay.objects.get()
    assert (day.dials, day.ended, day.answered, day.short, day.blocked) == (1, 1, 1, 1, 0)
