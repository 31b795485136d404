"""A question is answered once, whichever workers take it and whichever of them die."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from campaigns.models import Campaign
from reporting.choices import SimulationStatus
from reporting.models import Simulation
from reporting.services.run_simulation import (
    RUNS_MOST,
    SILENT_AFTER_S,
    run_simulation,
    waiting_simulations,
)
from reporting.services.start_simulation import (
    UNFINISHED_MOST,
    TooMany,
    cancel_simulation,
    start_simulation,
)
from reporting.tasks import take_over_what_ifs
from reporting.what_if.apart import CutOff
from reporting.what_if.outcome import Outcome
from reporting.what_if.simulate import simulate
from reporting.what_if.values import BadPlan
from tests.accounts.makers import make_organisation

from .what_if_makers import at_once, short_plan

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
__all__ = ["at_once"]
LONG_AGO = timedelta(seconds=SILENT_AFTER_S + 1)


@pytest.fixture
def asked(supervisor, campaign):
    return start_simulation(supervisor, campaign, None, short_plan(2))


def fresh(simulation):
    return Simulation.objects.get(pk=simulation.pk)


def begin(simulation, *, seen_ago=timedelta(0), runs=1):
    """As a worker leaves it that runs, or that died."""
    Simulation.objects.filter(pk=simulation.pk).update(
        status=SimulationStatus.RUNNING, run="of-another", runs=runs, seen_at=timezone.now() - seen_ago
    )


def never(plan, tick):
    raise AssertionError("This run has no claim.")


def test_a_process_of_its_own_answers_and_the_answer_is_kept(supervisor, campaign):
    plan = short_plan(2, 3)
    asked = start_simulation(supervisor, campaign, None, plan)
    assert run_simulation(asked.pk)
    done = fresh(asked)
    outcomes = msgspec.convert(done.results, tuple[Outcome, ...])
    assert (done.status, done.progress, done.runs) == (SimulationStatus.DONE, 1.0, 1)
    assert done.finished_at > done.begun_at
    assert outcomes == simulate(plan, lambda done: None), "the same seeds give the same days, in any process"
    two, three = outcomes
    assert (two.name, three.name, two.days) == ("2 agents", "3 agents", 1)
    assert 0.2 < two.figures["occupancy"].mean < 1.0
    assert three.figures["connected"].mean > 5
    assert len(two.course.occupancy) == len(two.course.lines) == 15


def test_a_second_worker_does_nothing_while_the_first_is_alive(asked):
    begin(asked)
    assert not run_simulation(asked.pk, never)
    assert fresh(asked).run == "of-another"


def test_what_a_silent_worker_left_is_taken_over(asked):
    begin(asked, seen_ago=LONG_AGO)
    assert waiting_simulations(timezone.now()) == [asked.pk]
    assert run_simulation(asked.pk, simulate)
    assert (fresh(asked).status, fresh(asked).runs) == (SimulationStatus.DONE, 2)


def test_the_clock_of_the_background_hands_out_what_waits_and_what_was_left(
    supervisor, campaign, asked, at_once
):
    left = start_simulation(supervisor, campaign, None, short_plan(2))
    begin(left, seen_ago=LONG_AGO)
    take_over_what_ifs()
    assert [fresh(each).status for each in (asked, left)] == [SimulationStatus.DONE] * 2
    assert fresh(left).runs == 2


def test_a_worker_that_wakes_up_late_writes_nothing_over_the_new_one(asked):
    def falls_asleep(plan, tick):
        begin(asked)
        tick(0.5)
        raise AssertionError("The tick should have ended this run.")

    assert not run_simulation(asked.pk, falls_asleep)
    found = fresh(asked)
    assert (found.run, found.progress, found.status) == ("of-another", 0.0, SimulationStatus.RUNNING)


def test_a_late_worker_that_is_done_already_does_not_overwrite_either(asked):
    def comes_late(plan, tick):
        begin(asked)
        return ()

    assert not run_simulation(asked.pk, comes_late)
    assert fresh(asked).status == SimulationStatus.RUNNING


def test_cancelling_ends_the_run_at_its_next_sign_of_life(asked):
    def is_cancelled(plan, tick):
        assert cancel_simulation(asked)
        tick(0.5)
        raise AssertionError("The tick should have ended this run.")

    assert not run_simulation(asked.pk, is_cancelled)
    assert fresh(asked).status == SimulationStatus.CANCELLED
    assert not cancel_simulation(asked), "it had ended already"
    assert not run_simulation(asked.pk, never)


def test_progress_is_written_twice_a_second_at_most(asked, django_assert_num_queries):
    def many_ticks(plan, tick):
        with django_assert_num_queries(1):
            for done in range(100):
                tick(done / 100)
        return ()

    assert run_simulation(asked.pk, many_ticks)


def test_a_child_that_dies_is_begun_anew_and_in_the_end_given_up_with_words(asked):
    def dies(plan, tick):
        raise CutOff

    for run in range(1, RUNS_MOST):
        assert not run_simulation(asked.pk, dies)
        assert (fresh(asked).status, fresh(asked).runs) == (SimulationStatus.WAITING, run)
    assert run_simulation(asked.pk, dies)
    assert fresh(asked).status == SimulationStatus.FAILED
    assert "fewer agents" in fresh(asked).message


def test_what_ended_its_workers_too_often_is_not_tried_again(asked):
    begin(asked, seen_ago=LONG_AGO, runs=RUNS_MOST)
    assert waiting_simulations(timezone.now()) == []
    assert fresh(asked).status == SimulationStatus.FAILED
    assert not run_simulation(asked.pk, never)


def test_a_scenario_that_the_engine_refuses_fails_with_its_words(asked):
    def refuses(plan, tick):
        raise BadPlan("The line limit must be 1 or more.")

    run_simulation(asked.pk, refuses)
    assert (fresh(asked).status, fresh(asked).message) == ("failed", "The line limit must be 1 or more.")


def test_an_organisation_has_few_under_way_and_does_not_hold_up_another(supervisor, campaign):
    for _ in range(UNFINISHED_MOST):
        last = start_simulation(supervisor, campaign, None, short_plan(2))
    with pytest.raises(TooMany, match="cancel one"):
        start_simulation(supervisor, campaign, None, short_plan(2))
    other = Campaign.objects.create(organisation=make_organisation("Other"), name="Spring")
    assert start_simulation(supervisor, other, None, short_plan(2))
    cancel_simulation(last)
    assert start_simulation(supervisor, campaign, None, short_plan(2))
