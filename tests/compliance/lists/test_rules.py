"""Which list forbids which call, what exempts, and what the evidence says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Organisation
from compliance.choices import Purpose, Refused
from compliance.gate import Granted
from compliance.models import Consent, Decision, DncList
from compliance.services.add_wildcard import add_wildcard
from compliance.services.create_list import create_list
from compliance.services.load_list import load_list
from compliance.services.remove_wildcard import remove_wildcard
from compliance.services.switch_list import switch_list

from .conftest import TODAY

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ON, OFF = "2125550199", "2125550123"
SALE = {"purpose": Purpose.SALES}


@pytest.fixture
def reason(gate, ask):
    """Why the gate refuses a dial, or None."""

    def decide(**changes):
        answer = gate.decide([ask(**changes)])[0]
        return None if isinstance(answer, Granted) else answer.reason

    return decide


def test_a_sale_is_refused_to_who_is_on_the_national_registry(make_list, reason):
    make_list("national", [ON])
    assert reason(number="+1" + ON, **SALE) == Refused.NATIONAL_DNC
    assert reason(number="+1" + OFF, **SALE) is None
    assert reason(number="+1" + ON, purpose=Purpose.SURVEY) is None


def test_the_lists_stand_in_the_evidence_with_version_change_and_date(make_list, gate, ask):
    make_list("national", [ON], name="National registry")
    gate.decide([ask(**SALE)])
    assert f"National registry v1+0 of {TODAY}" in Decision.objects.get().evidence


def test_no_sale_without_a_national_registry(reason):
    assert reason(**SALE) == Refused.LIST_UNUSABLE
    assert reason() is None


def test_a_registry_that_was_set_up_and_never_loaded_closes_the_gate_for_sales(make_list, reason):
    make_list("national")
    assert reason(**SALE) == Refused.LIST_UNUSABLE


@pytest.mark.parametrize(("days", "expected"), [(31, None), (32, Refused.LIST_UNUSABLE)])
def test_a_registry_may_be_31_days_old_and_not_32(make_list, reason, days, expected):
    make_list("national", [ON], as_of=TODAY - timedelta(days=days))
    assert reason(**SALE) == expected


def test_the_clock_alone_closes_the_gate_and_says_what_to_do(make_list, gate, ask, clock):
    make_list("national", [ON], name="FTC")
    clock.now += timedelta(days=33)
    refused = gate.decide([ask(**SALE)])[0]
    assert refused.reason == Refused.LIST_UNUSABLE
    assert refused.detail == (
        "The list FTC cannot be relied on: its data are 33 days old, at most 31 are allowed. "
        "Load a newer file under Lists."
    )
    assert refused.retry_at > clock.now


def test_who_is_on_an_old_registry_is_refused_for_that(make_list, reason, clock):
    make_list("national", [ON])
    clock.now += timedelta(days=40)
    assert reason(number="+1" + ON, **SALE) == Refused.NATIONAL_DNC


def test_each_country_needs_its_own_registry(make_list, reason):
    make_list("national", [ON], country="US")
    assert reason(number="+14165550123", **SALE) == Refused.LIST_UNUSABLE
    make_list("national", ["4165550199"], country="CA", name="Canada")
    assert reason(number="+14165550123", **SALE) is None
    assert reason(number="+14165550199", **SALE) == Refused.NATIONAL_DNC
    assert reason(number="+442079460018", **SALE) == Refused.LIST_UNUSABLE
    make_list("national", ["02079460019"], country="GB", name="TPS")
    assert reason(number="+442079460019", **SALE) == Refused.NATIONAL_DNC


def test_a_states_registry_holds_for_number_zip_and_given_state(make_list, reason):
    make_list("national", ["2015550000"])
    make_list("state", [ON, "3055550199"], state="FL")
    assert reason(number="+13055550199", **SALE) == Refused.STATE_DNC
    assert reason(number="+1" + ON, **SALE) is None
    assert reason(number="+1" + ON, state="FL", **SALE) == Refused.STATE_DNC
    assert reason(number="+1" + ON, postal_code="33101", **SALE) == Refused.STATE_DNC


def test_an_old_state_registry_closes_the_gate_only_for_its_state(make_list, reason, clock):
    make_list("national", [ON])
    make_list("state", ["3055550199"], state="FL", as_of=TODAY - timedelta(days=60))
    assert reason(number="+13055550123", **SALE) == Refused.LIST_UNUSABLE
    assert reason(**SALE) is None


def test_written_consent_exempts_from_registries_and_not_from_other_lists(
    make_list, reason, organisation, clock
):
    make_list("national", [ON])
    make_list("state", [ON], state="NY")
    Consent.objects.create(
        organisation=organisation, number=int("1" + ON), kind="written", means="web", given_at=clock.now
    )
    assert reason(number="+1" + ON, **SALE) is None
    make_list("litigator", [ON])
    assert reason(number="+1" + ON, **SALE) == Refused.LITIGATOR


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    ("kind", "expected"), [("internal", Refused.CAMPAIGN_DNC), ("litigator", Refused.LITIGATOR)]
)
def test_own_lists_and_litigators_hold_whatever_the_purpose(make_list, reason, kind, expected, purpose):
    make_list(kind, [ON])
    assert reason(number="+1" + ON, purpose=purpose) == expected


def test_a_campaigns_list_holds_for_that_campaign_alone(make_list, reason):
    make_list("campaign", [ON], campaign=7)
    assert reason(number="+1" + ON, campaign=7) == Refused.CAMPAIGN_DNC
    assert reason(number="+1" + ON, campaign=8) is None


def test_a_damaged_own_list_closes_the_gate_for_every_call(make_list, reason, data_dir):
    made = make_list("litigator", [ON])
    (data_dir / "lists" / DncList.objects.get(pk=made.pk).current.file).write_bytes(b"gone")
    assert reason() == Refused.LIST_UNUSABLE


def test_an_own_list_that_was_never_loaded_is_not_in_force(make_list, reason):
    make_list("litigator")
    assert reason() is None


def test_another_organisations_lists_are_its_own(make_list, reason, lines):
    other = create_list(Organisation.objects.create(name="Other"), "test", name="Theirs", kind="internal")
    load_list(other, lines(ON), TODAY, "test")
    add_wildcard(other.organisation, "212", "test")
    assert reason(number="+1" + ON) is None


@pytest.mark.parametrize("prefix", ["212", "212-555", "+1 212 555 01"])
def test_a_wildcard_blocks_what_begins_so(organisation, reason, prefix):
    wildcard = add_wildcard(organisation, prefix, "test")
    assert reason(number="+1" + ON) == Refused.WILDCARD
    assert reason(number="+13125550123") is None
    remove_wildcard(wildcard, "test")
    assert reason(number="+1" + ON) is None


def test_a_wildcard_may_be_one_campaigns(organisation, reason):
    add_wildcard(organisation, "212", "test", campaign=7)
    assert reason(campaign=7) == Refused.WILDCARD
    assert reason(campaign=8) is None


def test_a_batch_is_answered_as_its_requests_one_by_one(make_list, gate, ask, reason):
    make_list("national", [f"21255501{last:02}" for last in range(0, 100, 3)])
    numbers = [f"+121255501{last:02}" for last in range(100)]
    batch = gate.scrub([ask(number=number, subject=number, **SALE) for number in numbers])
    single = [gate.scrub([ask(number=number, subject=number, **SALE)])[0] for number in numbers]
    assert [each.reason if each else None for each in batch] == [
        each.reason if each else None for each in single
    ]
    assert sum(each is not None for each in batch) == 34


def test_a_list_taken_out_of_use_forbids_nothing(make_list, reason):
    made = make_list("internal", [ON])
    switch_list(made, False, "test")
    assert reason(number="+1" + ON) is None
    switch_list(made, True, "test")
    assert reason(number="+1" + ON) == Refused.CAMPAIGN_DNC
