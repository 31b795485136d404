"""The pages of what-if: a question is asked, answered in the background, compared, and seen by its own people only."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.choices import Role
from campaigns.models import Campaign, Lead, LeadList
from compliance.models import Override
from reporting.models import Simulation
from reporting.services.start_simulation import UNFINISHED_MOST, start_simulation
from tests.accounts.makers import client_of, make_organisation, make_person

from .what_if_makers import at_once, no_broker, short_plan, usual_calls

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ASK = "/what-if/"
__all__ = ["at_once", "no_broker"]


@pytest.fixture
def browser(supervisor):
    return client_of(supervisor)


def question(campaign, *sides, **values):
    """The form as a browser sends it; each side (agents, other values)."""
    form = {
        "campaign": campaign.pk, "list": "", "starts_hour": "10", "hours": "0.25", "days": "1", "now_agents": "2",
        "side-TOTAL_FORMS": "3", "side-INITIAL_FORMS": "3",
    }  # fmt: skip
    for number in range(3):
        agents, changes = sides[number] if number < len(sides) else ("", {})
        row = {
            "agents": agents,
            "method": "predictive",
            "target_percent": "3",
            "dial_ratio": "1.5",
            "line_limit": "100",
        }
        form |= {f"side-{number}-{name}": value for name, value in (row | changes).items()}
    return form | values


def test_a_question_is_answered_and_its_page_shows_figures_differences_and_plots(browser, campaign, at_once):
    answer = browser.post(
        ASK, question(campaign, ("3", {}), ("2", {"method": "ratio", "dial_ratio": "2"})), follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == reverse("reporting:simulation", args=[Simulation.objects.get().pk])
    for words in (
        "3 agents, compared with now",
        "Occupancy",
        "Lines needed",
        "limit 3",
        "fixed ratio 2",
    ):
        assert words in page
    assert page.count('class="plot lines"') == 4
    assert page.count('<polyline class="second"') >= 3
    assert "points" in page
    assert "10:05" in page, "the plots tell the time of the day"
    assert 'id="progress"' not in page


def test_the_question_begins_from_the_campaigns_settings_and_its_history(browser, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(line_limit=42, abandon_limit=0.02, method="progressive")
    leads = LeadList.objects.create(organisation=campaign.organisation, campaign=campaign, name="March")
    usual_calls(campaign, Lead.objects.create(organisation=campaign.organisation, lead_list=leads), 400)
    page = browser.get(ASK, {"campaign": campaign.pk, "list": leads.pk})
    assert b"400 calls of the last 30 days with leads of" in page.content
    now = page.context["now"]
    assert (now.method, now.lines) == ("Progressive", 42)
    assert page.context["question"].sides[0].initial["line_limit"] == 42
    assert b"usual" in page.content, "wrap-ups are unknown"


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(browser, campaign):
    page = browser.post(ASK, question(campaign, ("900", {"target_percent": "9"}), hours="99"))
    assert page.status_code == 422
    content = page.content.decode()
    for words in (
        "At most 200.",
        "At most 3.",
        "At most 12",
        'value="900"',
    ):
        assert words in content
    assert not Simulation.objects.exists()


def test_more_than_the_law_allows_this_organisation_is_refused_with_words(browser, supervisor, campaign):
    Override.objects.create(
        organisation=campaign.organisation,
        rule="us-ftc-abandonment",
        value={"limit": 0.01},
        reason="Ours",
        loosens=False,
        effective=date(2026, 1, 1),
        proposed_by=supervisor,
    )
    page = browser.post(ASK, question(campaign, ("2", {"target_percent": "2"})))
    assert (page.status_code, Simulation.objects.count()) == (422, 0)
    assert "by law 0 to 1 % of the people who answer may be abandoned, not 2 %" in page.content.decode()


def test_a_worker_that_cannot_be_reached_is_said_and_the_question_waits(browser, campaign, no_broker):
    answer = browser.post(ASK, question(campaign, ("3", {})), follow=True)
    assert b"The background work cannot be reached" in answer.content
    found = Simulation.objects.get()
    assert b'id="progress"' in answer.content
    state = browser.get(reverse("reporting:simulation_progress", args=[found.pk])).json()
    assert state == {"running": True, "begun": False, "done": 0.0, "seconds_left": None}


def test_a_question_that_waits_is_handed_out_again_or_cancelled(browser, supervisor, campaign, at_once):
    waiting = start_simulation(supervisor, campaign, None, short_plan(2))
    page = browser.post(reverse("reporting:resume_simulation", args=[waiting.pk]), follow=True)
    assert b"Over the shift" in page.content
    other = start_simulation(supervisor, campaign, None, short_plan(2))
    page = browser.post(reverse("reporting:cancel_simulation", args=[other.pk]), follow=True)
    assert b"was cancelled" in page.content


def test_too_many_at_a_time_are_refused_with_what_to_do(browser, supervisor, campaign):
    for _ in range(UNFINISHED_MOST):
        start_simulation(supervisor, campaign, None, short_plan(2))
    page = browser.post(ASK, question(campaign, ("3", {})))
    assert page.status_code == 422
    assert b"Wait until one has ended, or cancel one" in page.content


def test_an_earlier_question_can_be_changed_and_asked_again(browser, supervisor, campaign):
    earlier = start_simulation(supervisor, campaign, None, short_plan(2, 7))
    page = browser.get(ASK, {"from": earlier.pk})
    assert page.context["question"].shift.initial["now_agents"] == 2
    assert page.context["question"].sides[0].initial["agents"] == 7
    assert b"7 agents" in page.content, "and it is in the table of earlier ones"


def test_without_a_campaign_the_page_says_the_next_step(browser):
    page = browser.get(ASK)
    assert page.status_code == 200
    assert b"Make a campaign first" in page.content


@pytest.mark.parametrize(
    "address", ["simulation", "simulation_progress", "cancel_simulation", "resume_simulation"]
)
def test_a_question_of_another_organisation_is_not_there(address, supervisor, campaign):
    asked = start_simulation(supervisor, campaign, None, short_plan(2))
    stranger = client_of(make_person(make_organisation("Other"), "olga", Role.SUPERVISOR))
    method = stranger.post if address.startswith(("cancel", "resume")) else stranger.get
    assert method(reverse(f"reporting:{address}", args=[asked.pk])).status_code == 404
    assert Simulation.objects.get().status == "waiting"


def test_histories_and_questions_of_another_organisation_are_not_offered(supervisor, campaign):
    asked = start_simulation(supervisor, campaign, None, short_plan(2))
    stranger = client_of(make_person(make_organisation("Other"), "olga", Role.SUPERVISOR))
    assert stranger.get(ASK, {"campaign": campaign.pk}).status_code == 422
    assert stranger.get(ASK, {"from": asked.pk}).status_code == 404
    assert stranger.post(ASK, question(campaign, ("3", {}))).status_code == 422
    assert Simulation.objects.count() == 1


def test_a_list_of_another_campaign_is_refused(browser, campaign):
    other = Campaign.objects.create(organisation=campaign.organisation, name="Autumn")
    leads = LeadList.objects.create(organisation=campaign.organisation, campaign=other, name="March")
    page = browser.get(ASK, {"campaign": campaign.pk, "list": leads.pk})
    assert page.status_code == 422
    assert "is not a list of “Spring”".encode() in page.content


def test_who_only_reads_may_not_ask(reader):
    assert client_of(reader).get(ASK).status_code == 403
