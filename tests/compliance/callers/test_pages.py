"""Pages of caller IDs: who sees and changes what, and what they show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.choices import Role
from compliance.callers.pool import day_at
from compliance.clock import gate_now
from compliance.models import CallerId
from tests.accounts.makers import client_of, make_person

from .conftest import day_of

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def page(organisation):
    """A browser in which somebody with this role is signed in."""
    return lambda role=Role.ADMINISTRATOR: client_of(make_person(organisation, f"x-{role}", role))


def url(name, *args):
    return reverse(f"compliance:{name}", args=args)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def resting(caller_id):
    CallerId.objects.update(rests_until=gate_now() + timedelta(hours=2), rests_because="2 calls blocked")
    return caller_id


def test_readers_see_and_do_not_change(page, caller_id):
    reader = page(Role.READER)
    listed = text(reader.get(url("caller_ids")))
    assert caller_id.number in listed
    assert "New caller ID" not in listed
    assert "Change" not in text(reader.get(url("caller_id", caller_id.pk)))
    assert reader.get(url("change_caller_id", caller_id.pk)).status_code == 403
    assert reader.post(url("wake_caller_id", caller_id.pk), {"reason": "x"}).status_code == 403
    assert page(Role.AGENT).get(url("caller_ids")).status_code == 403


def test_another_organisations_number_is_not_there(page, organisation):
    other = type(organisation).objects.create(name="Other")
    theirs = CallerId.objects.create(organisation=other, number="+12125550199")
    browser = page()
    assert "+12125550199" not in text(browser.get(url("caller_ids")))
    for name in ("caller_id", "change_caller_id"):
        assert browser.get(url(name, theirs.pk)).status_code == 404
    for name in ("rest_caller_id", "wake_caller_id"):
        assert browser.post(url(name, theirs.pk), {"reason": "x", "hours": 1}).status_code == 404


def test_an_empty_pool_says_the_next_step(page):
    CallerId.objects.all().delete()
    assert "No caller IDs yet" in text(page().get(url("caller_ids")))
    assert "An administrator adds them" in text(page(Role.READER).get(url("caller_ids")))


def test_the_list_tells_use_rate_blocks_and_rest(page, resting):
    CallerId.objects.update(daily_limit=100)
    today = day_at(gate_now(), resting.organisation.time_zone)[0]
    day_of(resting, today, dials=40, ended=40, answered=10, blocked=3)
    shown = text(page().get(url("caller_ids")))
    for words in ("40 of 100", "25.0 %", "Rests", "2 calls blocked", "<polyline"):
        assert words in shown
    assert "<rect" in shown, "the plot of the pool"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?state=rests", True),
        ("?state=off", False),
        ("?number=312555", True),
        ("?number=999", False),
    ],
)
def test_the_list_can_be_narrowed(page, resting, query, found):
    assert (resting.number in text(page().get(url("caller_ids") + query)).partition("<table")[2]) is found


def test_a_supervisor_wakes_a_number_with_a_reason(page, resting):
    supervisor = page(Role.SUPERVISOR)
    answer = supervisor.post(url("wake_caller_id", resting.pk), {"reason": ""}, follow=True)
    assert "Say why the number may be shown again." in text(answer)
    answer = supervisor.post(url("wake_caller_id", resting.pk), {"reason": "Lifted"}, follow=True)
    assert "may be shown again" in text(answer)
    assert "Lifted" in text(answer), "the history tells it"
    assert CallerId.objects.get().rests_until is None
    answer = supervisor.post(url("wake_caller_id", resting.pk), {"reason": "Again"}, follow=True)
    assert "does not rest" in text(answer)


def test_a_supervisor_lets_a_number_rest(page, caller_id):
    supervisor = page(Role.SUPERVISOR)
    answer = supervisor.post(url("rest_caller_id", caller_id.pk), {"hours": 0, "reason": "x"}, follow=True)
    assert "greater than or equal to 1" in text(answer)
    supervisor.post(url("rest_caller_id", caller_id.pk), {"hours": 5, "reason": "Complaint"})
    found = CallerId.objects.get()
    assert found.rests_because == "Complaint"
    assert timedelta(hours=4.9) < found.rests_until - gate_now() <= timedelta(hours=5)
    answer = supervisor.post(url("rest_caller_id", caller_id.pk), {"hours": 1, "reason": "x"}, follow=True)
    assert "rests longer than that" in text(answer)


def test_many_numbers_come_in_or_the_lines_are_named_and_kept(page):
    form = {"lines": "+12125550100\n555\n", "proof": "Letter", "attestation": "A", "daily_limit": "100"}
    browser = page()
    answer = browser.post(url("new_caller_ids"), form)
    assert answer.status_code == 422
    assert "Lines to correct" in text(answer)
    assert "+12125550100\n555" in text(answer).replace("\r\n", "\n"), "what was typed is still there"
    answer = browser.post(url("new_caller_ids"), form | {"lines": "+12125550100\n+12125550101"}, follow=True)
    assert "2 numbers were added; 0 were there already." in text(answer)
    assert CallerId.objects.filter(attestation="A", daily_limit=100).count() == 2


def test_the_list_of_a_large_pool_costs_a_fixed_number_of_queries(page, pool, django_assert_max_num_queries):
    pool(*(f"+1212555{n:04}" for n in range(60)))
    browser = page()
    with django_assert_max_num_queries(20):
        shown = text(browser.get(url("caller_ids")))
    assert "of 61" in shown
