"""The abandonment account and the threshold that it steers."""

from __future__ import annotations

import json

import pytest

from dialer.pacing.account import CARRIED, DAY_S, AbandonAccount, rolling
from dialer.pacing.threshold import Threshold

pytestmark = pytest.mark.unit


def allowed_chance(account):
    return Threshold(account).allowed_chance()


def account(answered, abandoned, gap_s=10.0):
    made = AbandonAccount(0.03)
    for number in range(answered):
        made.answered(number * gap_s)
    for _ in range(abandoned):
        made.abandoned(answered * gap_s)
    return made


def test_an_answer_earns_the_limit_and_an_abandoned_call_costs_one():
    made = account(100, 2)
    assert made.balance() == pytest.approx(1.0)
    assert made.share() == pytest.approx(0.02)


def test_a_surplus_is_not_hoarded_without_bound_but_a_debt_is_never_forgiven():
    assert account(20_000, 0).balance() < 50
    assert account(100, 103).balance() == pytest.approx(-100.0)


def test_what_is_older_than_thirty_days_leaves():
    made = account(1000, 30, gap_s=1.0)
    for day in range(1, 32):
        made.answered(day * DAY_S + 5000)
    assert made.total_abandoned() == 0
    assert made.total_answered() <= 31


def test_a_debt_lowers_the_threshold_and_a_surplus_raises_it_gently():
    broke, even, rich = (allowed_chance(account(400, abandoned)) for abandoned in (16, 11, 4))
    assert broke < even / 2
    assert even < rich < 3 * even


def test_a_campaign_that_comes_with_a_debt_starts_with_it():
    assert AbandonAccount(0.03, answered=1000, abandoned=50).balance() == pytest.approx(-20.0)
    fresh = AbandonAccount(0.03)
    assert allowed_chance(AbandonAccount(0.03, 1000, 50)) < allowed_chance(fresh) / 3


def test_a_night_does_not_make_the_morning_bold():
    evening, morning = account(2000, 60, gap_s=2.0), account(2000, 60, gap_s=2.0)
    morning.answered(4000.0 + 12 * 3600)
    assert morning.scale() == pytest.approx(evening.scale(), rel=0.1)


def test_a_room_that_settles_with_a_surplus_learns_a_higher_base():
    threshold = Threshold(account(2000, 2))
    before = threshold.allowed_chance()
    for _ in range(500):
        threshold.answered()
    after = threshold.allowed_chance()
    assert 1.2 * before < after < 3 * before
    restored = Threshold(account(2000, 2))
    restored.restore(threshold.state())
    assert restored.allowed_chance() == after


def test_no_limit_means_no_chance():
    assert allowed_chance(AbandonAccount(0.0)) == 0.0


def test_the_account_survives_a_restart():
    made, other = account(300, 7), AbandonAccount(0.03)
    other.restore(json.loads(json.dumps(made.state())))
    assert (other.balance(), other.share(), other.scale()) == (made.balance(), made.share(), made.scale())


def test_a_machine_found_by_an_agent_gives_back_what_its_answer_earned() -> None:
    account = AbandonAccount(0.03)
    for second in range(100):
        account.answered(float(second))
    before = account.balance()
    account.not_a_person(100.0)
    assert account.total_answered() == 99
    assert account.balance() == pytest.approx(before - 0.03)


def test_a_calendar_month_begins_with_an_empty_account_and_no_old_debt() -> None:
    month_s = 31 * DAY_S
    account = AbandonAccount(0.03, window_start=lambda now: now - now % month_s)
    for second in range(100):
        account.answered(month_s - 7200.0 + second)
    for _ in range(13):
        account.abandoned(month_s - 7000.0)
    assert account.balance() == pytest.approx(-10.0)
    account.answered(month_s + 60.0)
    account.answered(month_s + 3700.0)
    assert account.total_answered() == 2
    assert account.balance() == pytest.approx(0.06)


def test_over_a_rolling_day_what_is_older_leaves_by_the_hour() -> None:
    account = AbandonAccount(0.03, window_start=rolling(DAY_S))
    for hour in range(30):
        account.answered(hour * 3600.0)
    assert 24 <= account.total_answered() <= 26


def test_little_of_what_one_day_has_saved_is_the_next_ones_to_spend() -> None:
    made = AbandonAccount(0.03)
    for second in range(0, 20_000, 10):
        made.answered(float(second))
    assert made.balance() > 3.0
    made.answered(2 * DAY_S)
    other = AbandonAccount(0.03)
    other.restore(json.loads(json.dumps(made.state())))
    for account in (made, other):
        assert account.balance() == pytest.approx(CARRIED + 0.03)
        for _ in range(3):
            account.abandoned(2 * DAY_S + 1.0)
        assert account.balance() < -1.0


def test_a_young_account_may_spend_most_of_what_it_earns() -> None:
    """The reserve grows with what was earned: a morning is not starved until a full reserve is saved."""
    young, old = account(40, 0), account(4000, 119)
    assert allowed_chance(young) > allowed_chance(old)


def test_a_bad_half_hour_is_stopped_whatever_the_account_has_saved() -> None:
    def after(abandoned: int) -> float:
        day = AbandonAccount(0.03)
        for second in range(0, 20_000, 10):
            day.answered(float(second))
        for number in range(abandoned):
            day.abandoned(19_000.0 + number)
        return allowed_chance(day)

    calm, at_the_hours_double, beyond = after(10), after(21), after(30)
    assert at_the_hours_double < calm / 10
    assert beyond < calm / 100


def test_the_last_hour_forgets_what_is_older_and_survives_a_restart() -> None:
    made = AbandonAccount(0.03)
    for second in range(0, 7200, 10):
        made.answered(float(second))
        if second in (1000, 7000):
            made.abandoned(float(second))
    other = AbandonAccount(0.03)
    other.restore(json.loads(json.dumps(made.state())))
    for account in (made, other):
        assert 330 <= account.last_hour.answered <= 360
        assert account.last_hour.abandoned == 1
        account.answered(9000.0 + 3600.0)
        assert account.last_hour.answered == 1
        assert account.last_hour.abandoned == 0
