"""What the world allows is never exceeded: leads, lines, calls a second, hours."""

from __future__ import annotations

from collections import Counter

import pytest

from dialer.engine.virtual.house import STARTS_AT
from dialer.engine.virtual.shift import run_shift

from .shifts import SHORT, passed, with_crew, with_far_end, with_settings

pytestmark = pytest.mark.unit


def placed_at(journal):
    return [line["at"] for line in journal if line["t"] == "placed"]


def test_a_list_that_runs_out_is_dialed_once_and_then_agents_wait():
    result, run, journal = passed(with_settings(leads=60))
    leads = Counter(line["lead"] for line in journal if line["t"] == "placed")
    assert result.placed == 60
    assert set(leads.values()) == {1}
    assert run.room.hopper_empty
    assert result.minutes[-1].occupancy == 0.0


def test_the_line_limit_holds_talking_lines_included():
    result, _, _ = passed(with_settings(line_limit=10))
    assert result.lines_most == 10
    assert result.lines_p95 <= 10


def test_the_trunk_is_never_asked_for_more_calls_a_second_than_it_takes():
    _, _, journal = passed(with_settings(calls_per_s=2.0, method="ratio", dial_ratio=3.0, abandon_limit=0.9))
    times = sorted(placed_at(journal))
    assert max(sum(at <= other < at + 1.0 - 1e-6 for other in times) for at in times) == 2


def test_nothing_is_dialed_after_the_end_of_the_shift():
    _, _, journal = passed(SHORT)
    assert max(placed_at(journal)) <= STARTS_AT + SHORT.hours * 3600.0 + 0.1


def test_nobody_on_duty_nobody_called():
    result, _, journal = passed(with_crew(staffing=((60.0, 0),)))
    assert max(placed_at(journal)) < STARTS_AT + 120.0
    assert result.minutes[-1].agents == 0


def test_wrap_up_ends_at_its_limit_with_the_default_disposition():
    _, _, journal = passed(with_settings(wrapup_limit_s=5.0))
    cut = [line for line in journal if line["t"] == "disposed" and line["notes"] == "wrap-up ran out"]
    wrapping, lengths = {}, []
    for line in journal:
        if line["t"] == "agent" and line["to"] == "wrapup":
            wrapping[line["session"]] = line["at"]
        elif line["t"] == "agent" and line["from"] == "wrapup":
            lengths.append(line["at"] - wrapping[line["session"]])
    assert len(cut) > 10
    assert max(lengths) < 5.001


def test_where_nobody_answers_everybody_waits():
    result, _, _ = passed(with_settings(with_far_end(answer_share=(0.0,)), line_limit=40))
    assert result.occupancy == 0.0
    assert result.answered == 0
    assert result.abandoned_share == 0.0
    assert result.wait_mean_s == 0.0


def test_the_share_that_answers_follows_the_hours():
    few = with_settings(with_crew(agents=2), line_limit=6, hours=1.2)
    result, _, _ = passed(with_far_end(few, answer_share=(0.0, 0.6)))
    answered = [minute.answered for minute in result.minutes]
    assert sum(answered[:60]) == 0
    assert sum(answered[60:]) > 0


def test_progress_is_told_to_the_end():
    told = []
    run_shift(with_settings(hours=0.05), 1, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 50


def test_the_pacer_explains_itself_each_quarter_of_an_hour():
    result, _, _ = passed(with_settings(with_crew(agents=1), hours=0.6))
    assert [at for at, _ in result.explained] == [900.0, 1800.0]
    assert all("abandoned" in words for _, words in result.explained)
