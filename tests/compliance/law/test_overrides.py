"""One person tightens a rule of law at once; loosening takes two, ends, and is in the audit log."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from compliance.law.overrides import NONE, gather, in_force
from compliance.models import Override
from compliance.services.approve_override import approve_override
from compliance.services.propose_override import propose_override
from compliance.services.withdraw_override import withdraw_override

from ..conftest import NOON_IN_NEW_YORK as NOW

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
CAP = "us-fl-calls"


@pytest.fixture
def propose(organisation, person):
    def make(rule=CAP, actor=None, reason="Our counsel", **kwargs):
        dates = {name: kwargs.pop(name) for name in ("effective", "ends") if name in kwargs}
        return propose_override(organisation, actor or person, rule, kwargs, reason, today=TODAY, **dates)

    return make


@pytest.fixture
def holding(organisation):
    def of(rule=CAP, day=TODAY):
        return dict(in_force(organisation.pk, day).of(rule))

    return of


def test_what_tightens_holds_at_once(propose, holding):
    override = propose(limit=2, within="3 days")
    assert not override.loosens
    assert holding() == {"limit": 2, "within": "3 days"}


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (CAP, {"limit": 2}),
        (CAP, {"within": "25 h"}),
        (CAP, {"within": "32 days"}),
        (CAP, {"same_topic": False}),
        ("us-debt-calls", {"per": ["subject", "number"]}),
        ("us-fl", {"opens": "09:00", "closes": "19:00", "weekdays": "12345", "holidays": ["US"]}),
        ("us-abandoned", {"hours": 24}),
        ("gb-abandoned", {"live_agent_exempt": False}),
        ("us-ftc-abandonment", {"limit": 0.02}),
        ("us-ftc-abandonment", {"clock_start": "greeting_start"}),
        ("us-ftc-abandonment", {"answer_wait_s": 1.5, "ring_s": 20}),
        ("gb-abandonment", {"limit": 0.03}),
    ],
)
def test_each_field_has_a_tighter_side(propose, holding, rule, values):
    assert not propose(rule, **values).loosens
    assert holding(rule) == values


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (CAP, {"limit": 4}),
        (CAP, {"within": "23 h"}),
        (CAP, {"within": "calendar month"}),
        (CAP, {"per": ["number"]}),
        (CAP, {"limit": 1, "within": "12 h"}),
        ("us-me-calls", {"same_topic": True}),
        ("us-fl", {"opens": "07:59"}),
        ("us-fl", {"closes": "20:01"}),
        ("us-al", {"weekdays": "1234567"}),
        ("us-al", {"holidays": []}),
        ("us-al", {"weekdays": "7"}),
        ("us-fl", {"opens": "10:00", "closes": "21:00"}),
        ("gb-abandoned", {"hours": 71}),
        ("us-debt-conversation", {"live_agent_exempt": True}),
        ("ca-abandonment", {"clock_start": "greeting_end"}),
        ("us-ftc-abandonment", {"answer_wait_s": 2.5}),
        ("us-ftc-abandonment", {"ring_s": 14}),
        ("us-ftc-abandonment", {"measured_over": "7 days"}),
        ("us-ftc-abandonment", {"limit": 0.01, "measured_over": "calendar month"}),
    ],
)
def test_what_is_looser_in_any_field_waits_for_a_second_person(propose, holding, second, rule, values):
    with pytest.raises(ValidationError, match="must end"):
        propose(rule, **values)
    override = propose(rule, ends=TODAY + 30 * DAY, **values)
    assert override.loosens
    assert holding(rule) == {}
    approve_override(override, second, now=NOW, today=TODAY)
    assert holding(rule) == values


def test_what_loosens_never_holds_past_its_end(propose, holding, second):
    override = propose(limit=5, ends=TODAY + 3 * DAY)
    approve_override(override, second, now=NOW, today=TODAY)
    assert holding(day=TODAY + 2 * DAY) == {"limit": 5}
    assert holding(day=TODAY + 3 * DAY) == {}
    with pytest.raises(ValidationError, match="within 366 days"):
        propose(limit=5, ends=TODAY + 367 * DAY)


def test_a_change_holds_from_its_first_day(propose, holding):
    propose(limit=1, effective=TODAY + DAY)
    assert holding() == {}
    assert holding(day=TODAY + DAY) == {"limit": 1}
    with pytest.raises(ValidationError, match="today at the earliest"):
        propose(limit=1, effective=TODAY - DAY)
    with pytest.raises(ValidationError, match="end after"):
        propose(limit=1, effective=TODAY, ends=TODAY)


def test_of_several_changes_the_strictest_of_each_field_holds(propose, holding, second):
    approve_override(propose(limit=9, ends=TODAY + DAY), second, now=NOW, today=TODAY)
    propose(limit=2, within="30 h")
    propose(limit=1)
    assert holding() == {"limit": 1, "within": "30 h"}


def test_nobody_approves_what_they_proposed(propose, holding, person):
    override = propose(limit=5, ends=TODAY + DAY)
    with pytest.raises(ValidationError, match="Somebody else must approve"):
        approve_override(override, person, now=NOW, today=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=override.pk).update(approved_by=person, approved_at=NOW)
    assert holding() == {}


def test_a_supervisor_may_approve_but_not_propose(propose, holding, supervisor):
    override = propose(limit=5, ends=TODAY + DAY)
    with pytest.raises(PermissionDenied):
        propose(limit=1, actor=supervisor)
    approve_override(override, supervisor, now=NOW, today=TODAY)
    assert holding() == {"limit": 5}


@pytest.mark.parametrize("role", ["agent", "reader"])
def test_others_neither_propose_approve_nor_withdraw(propose, organisation, second, role):
    second.role = role
    override = propose(limit=5, ends=TODAY + DAY)
    with pytest.raises(PermissionDenied):
        propose(limit=1, actor=second)
    with pytest.raises(PermissionDenied):
        approve_override(override, second, now=NOW, today=TODAY)
    with pytest.raises(PermissionDenied):
        withdraw_override(override, second, now=NOW)


def test_somebody_of_another_organisation_is_no_second_person(propose, second, organisation):
    second.organisation = type(organisation).objects.create(name="Other")
    override = propose(limit=5, ends=TODAY + DAY)
    with pytest.raises(ValidationError):
        approve_override(override, second, now=NOW, today=TODAY)
    with pytest.raises(PermissionDenied):
        withdraw_override(override, second, now=NOW)


def test_a_change_is_approved_once_and_not_after_its_end_or_its_withdrawal(
    propose, second, supervisor, person
):
    override = propose(limit=5, ends=TODAY + DAY)
    with pytest.raises(ValidationError, match="nothing to approve"):
        approve_override(override, second, now=NOW + DAY, today=TODAY + DAY)
    approve_override(override, second, now=NOW, today=TODAY)
    with pytest.raises(ValidationError, match="nothing to approve"):
        approve_override(override, supervisor, now=NOW, today=TODAY)
    withdrawn = propose(limit=6, ends=TODAY + DAY)
    withdraw_override(withdrawn, person, now=NOW)
    with pytest.raises(ValidationError, match="nothing to approve"):
        approve_override(withdrawn, second, now=NOW, today=TODAY)


@pytest.mark.parametrize("who", ["person", "supervisor", "second"])
def test_either_of_the_two_or_an_administrator_withdraws_at_once(propose, holding, supervisor, who, request):
    override = propose(limit=5, ends=TODAY + DAY)
    approve_override(override, supervisor, now=NOW, today=TODAY)
    actor = request.getfixturevalue(who)
    withdraw_override(override, actor, now=NOW)
    assert holding() == {}
    with pytest.raises(ValidationError, match="withdrawn before"):
        withdraw_override(override, actor, now=NOW)


def test_a_supervisor_withdraws_nothing_they_had_no_part_in(propose, holding, supervisor):
    override = propose(limit=1)
    with pytest.raises(PermissionDenied):
        withdraw_override(override, supervisor, now=NOW)
    assert holding() == {"limit": 1}


@pytest.mark.parametrize(
    ("rule", "values", "words"),
    [
        ("us-xx-calls", {"limit": 1}, "no rule of law called 'us-xx-calls'"),
        (CAP, {"hours": 4}, "has no hours. It can be changed in: limit, within, per, same_topic"),
        (CAP, {"citation": "me"}, "has no citation"),
        ("us-fl", {"opens": "20:00"}, "must open before it closes"),
        ("us-fl", {"opens": "8 am"}, "cannot be taken"),
        ("us-fl", {"holidays": ["Mars"]}, "no calendar of holidays called Mars"),
        (CAP, {"limit": "few"}, "cannot be taken: Expected `int`"),
        (CAP, {"limit": -1}, "cannot be taken"),
        (CAP, {"within": "soon"}, "Write a length of time"),
        (CAP, {"per": ["lead"]}, "cannot be taken: Invalid enum value 'lead'"),
        (CAP, {"limit": 3}, "what the law says already"),
        (CAP, {}, "what the law says already"),
        ("ca-abandonment", {"limit": 0.04}, "at most 0.03"),
        ("us-ftc-abandonment", {"limit": None}, "at most 0.03"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_writes_nothing(propose, rule, values, words):
    with pytest.raises(ValidationError) as refused:
        propose(rule, ends=TODAY + DAY, **values)
    assert words in " ".join(refused.value.messages)
    assert not Override.objects.exists()
    assert not AuditEntry.objects.exists()


def test_two_changes_that_make_no_sense_together_are_refused(propose, holding):
    propose("us-fl", opens="14:00")
    with pytest.raises(ValidationError, match="must open before it closes"):
        propose("us-fl", closes="13:00")
    assert holding("us-fl") == {"opens": "14:00"}


def test_a_change_says_why(propose):
    with pytest.raises(ValidationError, match="Say why"):
        propose(limit=1, reason="  ")


def test_only_what_differs_is_kept(propose):
    assert propose(limit=1, within="24 h", same_topic=True).value == {"limit": 1}


def test_all_three_steps_are_in_the_audit_log(propose, person, supervisor):
    override = propose(limit=5, ends=TODAY + DAY)
    approve_override(override, supervisor, now=NOW, today=TODAY)
    withdraw_override(override, person, now=NOW)
    propose(limit=1)
    log = AuditEntry.objects.order_by("id").values_list("action", "actor", "target", "before")
    assert [(action, actor, target) for action, actor, target, _ in log] == [
        ("override.proposed", "ada", CAP),
        ("override.approved", "sam", CAP),
        ("override.withdrawn", "ada", CAP),
        ("override.tightened", "ada", CAP),
    ]
    assert log[0][3] == {"limit": 3}


def test_each_organisation_has_its_own_on_its_own_day(propose, organisation):
    other = type(organisation).objects.create(name="Other").pk
    propose(limit=1, effective=TODAY + DAY)
    assert gather({organisation.pk: TODAY, other: TODAY + DAY}) == {}
    found = gather({organisation.pk: TODAY + DAY, other: TODAY})
    assert list(found) == [organisation.pk]
    assert in_force(other, TODAY) is NONE


def test_the_same_changes_are_the_same_object(propose, organisation):
    propose(limit=1)
    assert in_force(organisation.pk, TODAY) is in_force(organisation.pk, TODAY)
