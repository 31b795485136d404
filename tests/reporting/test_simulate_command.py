"""``manage.py simulate``: answers with figures and JSON, and bad input with a sentence."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import Lead, LeadList
from tests.accounts.makers import make_organisation

from .makers import make_call, talk
from .what_if_makers import usual_calls

pytestmark = pytest.mark.integration
SHORT = ("--hours", "0.25", "--days", "1")


def simulate(*arguments: str) -> str:
    out = io.StringIO()
    call_command("simulate", *SHORT, *arguments, stdout=out)
    return out.getvalue()


def answer(*arguments: str) -> dict:
    return json.loads(simulate("--json", *arguments))


@pytest.fixture
def leads(campaign):
    leads = LeadList.objects.create(organisation=campaign.organisation, campaign=campaign, name="March")
    Lead.objects.create(organisation=campaign.organisation, lead_list=leads)
    return leads


def test_without_a_campaign_a_usual_one_is_simulated_and_no_database_is_needed():
    text = simulate("--agents", "3")
    assert "A usual campaign" in text
    for words in (
        "Occupancy",
        "Abandoned",
        "Wait before a call",
        "Lines needed",
        "█",
        "It rests on",
        "usual",
    ):
        assert words in text


def test_json_holds_the_question_its_basis_and_every_figure():
    found = answer("--agents", "2", "--method", "ratio", "--ratio", "2", "--lines", "30", "--seed", "7")
    (variant,), (outcome,) = found["plan"]["variants"], found["outcomes"]
    assert (variant["crew"]["agents"], variant["method"], variant["dial_ratio"]) == (2, "ratio", 2.0)
    assert (variant["line_limit"], found["plan"]["seeds"]) == (30, [7])
    assert {"occupancy", "abandoned_share", "wait_mean_s", "wait_p90_s", "lines_p95", "lines_most"} <= set(
        outcome["figures"]
    )
    assert set(outcome["figures"]["occupancy"]) == {"mean", "low", "high"}
    assert len(outcome["course"]["occupancy"]) == 15
    assert not any(each["measured"] for each in found["plan"]["basis"])


def test_the_same_seeds_give_the_same_answer():
    assert answer("--agents", "2", "--seed", "5") == answer("--agents", "2", "--seed", "5")


@pytest.mark.django_db
def test_a_campaign_is_compared_with_what_is_asked_on_its_own_history(campaign, leads, supervisor):
    usual_calls(campaign, leads.leads.get(), 600)
    make_call(campaign, agent=supervisor, **talk())
    found = answer("--list", "March", "--agents", "3", "--target", "1.5")
    now, other = found["plan"]["variants"]
    assert (now["name"], now["crew"]["agents"], now["abandon_limit"]) == ("Now", 1, 0.03)
    assert (other["name"], other["crew"]["agents"], other["abandon_limit"]) == ("3 agents, 1.5 %", 3, 0.015)
    assert [outcome["name"] for outcome in found["outcomes"]] == ["Now", "3 agents, 1.5 %"]
    assert found["plan"]["basis"][0]["records"] == 600
    assert found["plan"]["basis"][0]["measured"]


@pytest.mark.django_db
def test_a_campaign_without_agents_asks_for_their_number_and_then_stands_alone(campaign):
    with pytest.raises(CommandError, match="--agents"):
        simulate("--campaign", "Spring")
    assert "Now" not in simulate("--campaign", "Spring", "--agents", "2")


@pytest.mark.django_db
def test_campaigns_and_lists_of_another_organisation_are_not_found(campaign, leads):
    make_organisation("Other")
    with pytest.raises(CommandError, match="no campaign “Spring” in Other"):
        simulate("--organisation", "Other", "--campaign", "Spring")
    with pytest.raises(CommandError, match="has a list “March”"):
        simulate("--organisation", "Other", "--list", "March")
    with pytest.raises(CommandError, match="Say which with --organisation"):
        simulate("--campaign", "Spring")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--agents", "0"), "1 to 200 agents"),
        (("--target", "5"), "0 to 3 %"),
        (("--hours", "40"), "0.25 to 12 hours"),
        (("--starts", "25"), "0 to 23"),
        (("--days", "9"), "1 to 5 days"),
        (("--method", "preview"), "invalid choice"),
    ],
)
def test_bad_input_gets_a_sentence(arguments, words):
    with pytest.raises(CommandError, match=words):
        simulate(*arguments)
