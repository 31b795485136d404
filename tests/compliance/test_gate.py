"""The gate grants sealed permits, refuses with reasons, and leaves evidence of both."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance.choices import DialKind, Refused
from compliance.clock import real_time
from compliance.gate import CallerIdOffer, Gate, Granted, the_gate
from compliance.models import Decision
from compliance.rules import RULES
from compliance.services.add_to_dnc import add_to_dnc
from dialer.bus.permit import PermitInvalid, open_permit

from .conftest import KEY, NOON_IN_NEW_YORK, give_caller_ids

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def reason(answer):
    return None if isinstance(answer, Granted) else answer.reason


def test_a_grant_is_a_sealed_permit_that_names_the_dial(gate, ask):
    request = ask()
    (granted,) = gate.decide([request])
    permit = open_permit(granted.sealed, KEY, NOON_IN_NEW_YORK.timestamp())
    assert permit == granted.permit
    assert (permit.call, permit.number, permit.trunk) == (request.call, "+12125550123", 2)
    assert (permit.campaign, permit.epoch, permit.node) == (7, 3, "line-1")
    assert (permit.caller_id, permit.display_name) == ("+13125550100", "Acme")


def test_a_permit_is_refused_when_it_is_forged_or_old(gate, ask):
    (granted,) = gate.decide([ask()])
    now = NOON_IN_NEW_YORK.timestamp()
    with pytest.raises(PermitInvalid, match="expired"):
        open_permit(granted.sealed, KEY, now + 11)
    with pytest.raises(PermitInvalid, match="forged"):
        open_permit(granted.sealed[:-1] + b"!", KEY, now)
    with pytest.raises(PermitInvalid, match="forged"):
        open_permit(granted.sealed, b"x" * 32, now)


def test_a_grant_keeps_every_rule_with_its_version_as_evidence(gate, ask):
    gate.decide([ask()])
    row = Decision.objects.get()
    rules = json.loads(row.evidence)["rules"]
    assert list(rules) == [rule.id for rule in RULES]
    assert rules["window"][1] == "US-NY: America/New_York 12:00"
    assert (row.number, row.subject, row.at) == (12125550123, "lead:1", NOON_IN_NEW_YORK)


def test_a_refusal_is_recorded_with_reason_rule_and_retry(gate, ask, clock):
    clock.now = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    (refused,) = gate.decide([ask()])
    assert refused.reason == Refused.WINDOW
    assert refused.detail.startswith(
        "In New York it is Friday 07:30 (America/New_York): calls are allowed from 08:00"
    )
    row = Decision.objects.get()
    assert (row.reason, row.number, row.rule) == ("window", 12125550123, "window " + refused.version)
    assert row.retry_at == datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    assert not Decision.objects.filter(reason="").exists()


def test_a_refusal_that_the_caller_records_itself_is_not_written_twice(gate, ask):
    requests = [ask(), ask(dialing_stopped=True)]
    answers = gate.decide(requests, record=False)
    assert Decision.objects.get().reason == ""
    gate.record_refusals(requests, answers)
    assert [row.reason for row in Decision.objects.order_by("sequence")] == ["", "stopped"]


def test_a_whole_batch_costs_no_more_queries_than_one_dial(gate, ask):
    gate.decide([ask(subject="lead:0")])
    many = [ask(subject=f"lead:{n}", number=f"+1212555{n:04}") for n in range(100, 400)]
    many += [ask(subject=f"lead:{n}", number="+1911") for n in range(400, 500)]

    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        answers = gate.decide(many)
    with CaptureQueriesContext(connection) as queries_of_one, transaction.atomic():
        gate.decide([ask(subject="lead:1", number="+12125550099")])
    assert len(queries) <= len(queries_of_one)
    assert len(queries) < 20
    assert [isinstance(answer, Granted) for answer in answers] == [True] * 300 + [False] * 100


def test_scrubbing_grants_and_writes_nothing(gate, ask, django_assert_max_num_queries):
    requests = [ask(), ask(number="+19005550123"), ask(campaign_dialing=False)]
    with django_assert_max_num_queries(10):
        answers = gate.scrub(requests)
    assert [answer and answer.reason for answer in answers] == [
        None,
        Refused.INVALID_NUMBER,
        Refused.CAMPAIGN_STATUS,
    ]
    assert not Decision.objects.filter(reason="").exists()


def test_a_number_that_asks_between_scrub_and_dial_is_not_dialed(gate, ask, organisation):
    request = ask()
    assert gate.scrub([request]) == [None]
    add_to_dnc(organisation.id, [request.number], "disposition")
    assert reason(gate.decide([request])[0]) == Refused.OWN_DNC


def test_another_organisations_list_is_its_own(gate, ask, organisation):
    other = type(organisation).objects.create(name="Other")
    add_to_dnc(other.id, ["+12125550123"], "manual")
    assert reason(gate.decide([ask()])[0]) is None


def test_one_call_has_one_permit(gate, ask):
    request = ask()
    gate.decide([request])
    with pytest.raises(IntegrityError), transaction.atomic():
        gate.decide([request])


@pytest.mark.parametrize("kind", list(DialKind))
def test_the_stop_switch_and_the_campaign_hold_for_every_kind_of_dial(gate, ask, kind):
    answers = gate.decide([ask(kind=kind, dialing_stopped=True), ask(kind=kind, campaign_dialing=False)])
    assert [reason(answer) for answer in answers] == [Refused.STOPPED, Refused.CAMPAIGN_STATUS]


def test_attempts_are_counted_by_the_lead_and_by_the_gate(gate, ask, clock):
    assert reason(gate.decide([ask(attempts=3)])[0]) == Refused.ATTEMPTS
    answers = gate.decide([ask(attempts=0) for _ in range(4)])
    assert [reason(answer) for answer in answers] == [None, None, None, Refused.ATTEMPTS]
    assert answers[3].retry_at == NOON_IN_NEW_YORK + timedelta(hours=24)
    clock.now += timedelta(hours=1)
    assert reason(gate.decide([ask()])[0]) == Refused.ATTEMPTS
    clock.now += timedelta(hours=23)
    assert reason(gate.decide([ask()])[0]) is None


def test_a_call_back_that_was_promised_may_follow_the_last_attempt(gate, ask):
    assert reason(gate.decide([ask(attempts=3, kind=DialKind.CALLBACK)])[0]) is None


def test_the_caller_id_comes_from_the_same_area_or_in_turn(gate, ask, organisation):
    offers = tuple(CallerIdOffer(number) for number in ("+13125550100", "+14155550100", "+12125550100"))
    give_caller_ids(organisation, *offers[1:])

    def shown(**changes):
        answers = gate.decide([ask(subject=f"lead:{n}", caller_ids=offers, **changes) for n in range(4)])
        return [answer.permit.caller_id for answer in answers]

    assert shown() == ["+12125550100"] * 4
    far = shown(number="+12025550123")
    assert set(far[:2]) == {"+13125550100", "+14155550100"}, "the least used take turns"


def test_a_call_without_a_caller_id_is_refused_unless_the_trunk_presents_one(gate, ask):
    none = ask(caller_ids=(CallerIdOffer("anonymous"),))
    assert reason(gate.decide([none])[0]) == Refused.NO_CALLER_ID
    (granted,) = gate.decide([ask(caller_ids=(), trunk_presents_caller_id=True)])
    assert granted.permit.caller_id == ""


def test_a_clock_that_was_never_set_opens_nothing(gate, ask, clock):
    clock.now = datetime(1970, 1, 1, 17, 0, tzinfo=UTC)
    assert reason(gate.decide([ask()])[0]) == Refused.CLOCK


def test_a_moved_clock_reaches_loopback_trunks_only(ask, settings):
    settings.GATE_OFFSET_S = (NOON_IN_NEW_YORK - datetime.now(UTC)).total_seconds()
    gate = Gate(KEY)
    near, far = gate.decide([ask(trunk_is_loopback=True), ask(trunk_is_loopback=False)])
    assert reason(far) == Refused.CLOCK
    assert abs((Decision.objects.get(reason="").at - NOON_IN_NEW_YORK).total_seconds()) < 5
    assert abs(near.permit.granted_at - datetime.now(UTC).timestamp()) < 5


def test_a_retry_on_the_gates_clock_is_told_in_real_time(settings):
    settings.GATE_OFFSET_S = 3600.0
    assert real_time(NOON_IN_NEW_YORK) == NOON_IN_NEW_YORK - timedelta(hours=1)
    assert real_time(None) is None


def test_more_than_a_database_can_take_at_once_is_an_error(gate, ask):
    with pytest.raises(ValueError, match="at most 5000"):
        gate.decide([ask()] * 5001)


def test_the_installations_gate_seals_with_the_key_of_its_line_nodes(settings):
    from dialer.bus.keys import derive

    the_gate.cache_clear()
    assert the_gate()._key == derive(settings.BUS_SECRET, "permit")
    assert the_gate() is the_gate()


def test_a_refusal_of_a_scrub_carries_what_every_rule_saw(gate, ask):
    requests = [ask(state="NY"), ask(number="+1911")]
    gate.record_refusals(requests, gate.scrub(requests))
    evidence = json.loads(Decision.objects.get().evidence)
    *before, last = evidence["rules"]
    assert last == "number"
    assert before == [rule.id for rule in RULES[: len(before)]]
    assert evidence["rules"]["number"][1] == Decision.objects.get().detail
