"""The page of the rules shows all of them with their law, and lets people change them as their role allows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from compliance.clock import gate_now
from compliance.law.catalogue import FAMILIES, find
from compliance.law.overrides import FIELDS
from compliance.law.pages import standing_of
from compliance.law.wording import NAMES, in_words
from compliance.models import Override
from tests.accounts.makers import client_of

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

RULES = reverse("compliance:rules")
CAP = "us-fl-calls"
LOOSER = {
    "value_limit": "5",
    "value_within": "24 h",
    "value_per": ["number", "subject"],
    "value_same_topic": "on",
    "reason": "Counsel, 12 March",
}


def page_of(rule):
    return reverse("compliance:rule", args=[rule])


def body(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("row", [row for family in FAMILIES for row in family.rows()], ids=lambda row: row.id)
def test_every_rule_has_its_words_and_its_page(client, person, row):
    client.force_login(person)
    text = body(client.get(page_of(row.id)))
    assert in_words(row) in text
    assert row.citation.replace("&", "&amp;").replace("'", "&#x27;") in text


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("us-fl", "08:00 to 20:00"),
        ("us-al", "08:00 to 20:00, Mon to Sat; not on holidays of Alabama"),
        (CAP, "3 dials in 24 h about one matter, per number and per lead or debt"),
        ("us-me-calls", "1 dial in 8 h, per number"),
        ("us-debt-calls", "7 dials in 7 days, per lead or debt"),
        ("gb-abandoned", "No call for 72 h after an abandoned call; not where an agent waits"),
        ("us-abandoned", "No time is set after an abandoned call"),
        (
            "us-ftc-abandonment",
            "At most 3 % over 30 days; a person within 2 s of the end of the greeting; rings 15 s or more",
        ),
    ],
)
def test_rules_are_told_in_words(rule, words):
    assert in_words(find(rule)) == words


def test_every_field_that_can_be_changed_has_a_name():
    assert set(NAMES) == set(FIELDS)


def test_the_page_shows_what_holds_in_one_place(client, supervisor):
    client.force_login(supervisor)
    everywhere, florida = body(client.get(RULES)), body(client.get(RULES, {"place": "US-FL"}))
    assert "12 CFR 1006.14(b)(2)(i)(A)" in florida, "the federal rules hold there too"
    assert "Fla. Stat. 501.616(6)(b)" in florida
    assert "10 M.R.S. 1498(3)" in everywhere
    assert "10 M.R.S. 1498(3)" not in florida
    assert "Disputed" in everywhere
    assert "No rules are known" in body(client.get(RULES, {"place": "JM"}))


def test_a_place_that_is_none_is_no_filter(client, supervisor):
    client.force_login(supervisor)
    assert "10 M.R.S. 1498(3)" in body(client.get(RULES, {"place": "Mars"}))


def test_an_administrator_tightens_a_rule_on_its_page(client, person):
    client.force_login(person)
    answer = client.post(page_of(CAP), LOOSER | {"value_limit": "2"}, follow=True)
    assert "it is tighter than the law" in body(answer)
    override = Override.objects.get()
    assert (override.value, override.loosens, override.proposed_by) == ({"limit": 2}, False, person)
    assert "At most: 2 (law: 3)" in body(client.get(RULES))


def test_loosening_goes_by_two_people_through_the_pages(client, person, supervisor):
    client.force_login(person)
    refused = client.post(page_of(CAP), LOOSER)
    assert refused.status_code == 422
    assert "What is looser than the law must end" in body(refused)
    assert "within 366 days" in body(client.post(page_of(CAP), LOOSER | {"ends": "2099-01-01"}))
    assert "waits for a second person" in body(client.post(page_of(CAP), LOOSER | ends_soon(), follow=True))
    override = Override.objects.get()
    approve = reverse("compliance:approve_override", args=[override.pk])
    assert approve not in body(client.get(page_of(CAP)))
    assert "Somebody else must approve" in body(client.post(approve, follow=True))

    other = client_of(supervisor)
    assert "a second person must approve" in body(other.get(RULES))
    assert approve in body(other.get(page_of(CAP)))
    assert "It holds from now" in body(other.post(approve, follow=True))
    override.refresh_from_db()
    assert override.approved_by == supervisor

    withdraw = reverse("compliance:withdraw_override", args=[override.pk])
    assert "no longer holds" in body(other.post(withdraw, follow=True))
    assert "withdrawn before" in body(client.post(withdraw, follow=True))


def ends_soon():
    return {"ends": (gate_now() + timedelta(days=30)).date().isoformat()}


def test_a_supervisor_sees_no_form_and_cannot_post_one(client, supervisor):
    client.force_login(supervisor)
    assert "Change it" not in body(client.get(page_of(CAP)))
    assert client.post(page_of(CAP), LOOSER | ends_soon()).status_code == 403
    assert not Override.objects.exists()


def test_another_organisations_changes_are_neither_seen_nor_touched(client, person, organisation):
    client.force_login(person)
    client.post(page_of(CAP), LOOSER | ends_soon())
    override = Override.objects.get()
    other = type(organisation).objects.create(name="Other")
    stranger = client_of(User.objects.create(username="eve", organisation=other, role=Role.ADMINISTRATOR))
    assert "Counsel" not in body(stranger.get(page_of(CAP)))
    for name in ("approve_override", "withdraw_override"):
        assert stranger.post(reverse(f"compliance:{name}", args=[override.pk])).status_code == 404


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (
            "us-al",
            {
                "value_opens": "09:00",
                "value_closes": "19:30",
                "value_weekdays": ["1", "2"],
                "value_holidays": ["US-AL", "US"],
            },
        ),
        (
            "ca-abandonment",
            {
                "value_limit": "2.5",
                "value_measured_over": "calendar month",
                "value_clock_start": "answer",
                "value_answer_wait_s": "1.5",
                "value_ring_s": "20",
            },
        ),
        ("us-abandoned", {"value_hours": "24", "value_per": ["number", "subject"]}),
    ],
)
def test_each_family_is_changed_by_its_own_form(client, person, rule, values):
    client.force_login(person)
    client.post(page_of(rule), values | {"reason": "Ours"})
    changed = Override.objects.get().value
    assert (
        changed
        == {
            "us-al": {"opens": "09:00", "closes": "19:30", "weekdays": "12", "holidays": ["US-AL", "US"]},
            "ca-abandonment": {"limit": 0.025, "answer_wait_s": 1.5, "ring_s": 20},
            "us-abandoned": {"hours": 24, "live_agent_exempt": False},
        }[rule]
    )


def test_a_change_stands_where_its_dates_and_people_put_it():
    today = date(2026, 11, 20)
    change = Override(rule=CAP, loosens=False, effective=today)
    assert standing_of(change, today) == "holds"
    assert standing_of(change, today - timedelta(days=1)) == "later"
    change.ends = today + timedelta(days=1)
    assert standing_of(change, change.ends) == "ended"
    change.loosens = True
    assert standing_of(change, today) == "waiting"
    change.withdrawn_at = datetime(2026, 11, 20, tzinfo=UTC)
    assert standing_of(change, today) == "withdrawn"
