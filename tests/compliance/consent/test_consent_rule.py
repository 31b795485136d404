"""The rule of consent, as the gate asks it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.choices import ConsentNeed, DialKind, Message, Purpose, Refused
from compliance.models import Decision
from compliance.services.add_to_dnc import add_to_dnc
from compliance.services.revoke_consent import revoke_consent
from tests.compliance.conftest import NOON_IN_NEW_YORK, TEMPLATE

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)
MIAMI, TULSA, BALTIMORE = "+13055550123", "+19185550123", "+14105550123"


@pytest.fixture
def reason(gate, ask):
    """The reason with which the gate refuses such a dial, empty where it grants it."""

    def look(**changes):
        refused = gate.scrub([ask(**changes)])[0]
        return refused.reason if refused is not None else ""

    return look


def test_a_call_by_a_person_to_customers_needs_nothing(reason):
    assert reason(purpose=Purpose.INFORMATION) == ""


def test_a_recorded_call_to_customers_needs_express_consent(reason, enter):
    recorded = {"purpose": Purpose.INFORMATION, "message": Message.RECORDED}
    assert reason(**recorded) == Refused.CONSENT
    enter("purchase")
    assert reason(**recorded) == Refused.CONSENT
    enter("express")
    assert reason(**recorded) == ""


def test_a_campaign_can_ask_for_more_than_the_law(reason, enter):
    assert reason(consent_need=ConsentNeed.EXPRESS) == Refused.CONSENT
    enter("express")
    assert reason(consent_need=ConsentNeed.EXPRESS) == ""
    assert reason(consent_need=ConsentNeed.WRITTEN) == Refused.CONSENT
    enter("written")
    assert reason(consent_need=ConsentNeed.WRITTEN) == ""


def test_the_refusal_says_what_is_missing_and_what_to_do(gate, ask):
    refused = gate.decide([ask(message=Message.RECORDED)])[0]
    assert refused.reason == Refused.CONSENT
    assert "express or written consent" in refused.detail
    assert "47 CFR 64.1200(a)" in refused.detail
    assert "Enter one under Consent" in refused.detail


def test_the_evidence_names_the_entry_that_the_call_rests_on(gate, ask, enter):
    entry = enter("written")
    request = ask(message=Message.RECORDED)
    gate.decide([request])
    evidence = Decision.objects.get(call=request.call).evidence
    assert f"written consent {entry.pk} of 2026-11-20" in evidence


def test_a_revocation_holds_for_the_very_next_decision(reason, enter, organisation):
    enter("written")
    assert reason(message=Message.RECORDED) == ""
    revoke_consent(organisation.pk, TEMPLATE.number, "key", now=NOON_IN_NEW_YORK - HOUR / 2)
    assert reason(message=Message.RECORDED) == Refused.CONSENT


def test_a_revocation_holds_also_where_the_gates_clock_is_behind(gate, ask, enter, organisation, clock):
    enter("written")
    revoke_consent(organisation.pk, TEMPLATE.number, "voice", now=NOON_IN_NEW_YORK + 24 * HOUR)
    assert gate.scrub([ask(message=Message.RECORDED)])[0].reason == Refused.CONSENT


def test_a_do_not_call_request_revokes_what_was_agreed_to(reason, enter, organisation, redis_url):
    enter("written")
    add_to_dnc(organisation.pk, [TEMPLATE.number], "key", now=NOON_IN_NEW_YORK)
    organisation.dncentry_set.all().delete()
    assert reason(message=Message.RECORDED) == Refused.CONSENT


def test_consent_given_anew_counts_again_and_a_purchase_does_not(reason, enter, organisation):
    enter("written", NOON_IN_NEW_YORK - 3 * HOUR)
    revoke_consent(organisation.pk, TEMPLATE.number, "text", given_at=NOON_IN_NEW_YORK - 2 * HOUR)
    enter("purchase", NOON_IN_NEW_YORK - HOUR)
    assert reason(message=Message.RECORDED) == Refused.CONSENT
    enter("written", NOON_IN_NEW_YORK - HOUR)
    assert reason(message=Message.RECORDED) == ""


def test_another_organisations_consent_is_worth_nothing(reason, enter, other_organisation):
    enter("written", organisation=other_organisation)
    assert reason(message=Message.RECORDED) == Refused.CONSENT


def test_a_consent_for_one_subject_is_none_for_another(reason, enter):
    enter("written", scope="Solar")
    assert reason(message=Message.RECORDED) == Refused.CONSENT
    assert reason(message=Message.RECORDED, topic="Wind") == Refused.CONSENT
    assert reason(message=Message.RECORDED, topic="solar") == ""


@pytest.mark.parametrize(
    ("number", "need"), [(MIAMI, "written_or_relationship"), (TULSA, "written"), (BALTIMORE, "written")]
)
def test_automated_sales_calls_to_some_states_need_consent(needs_of_dial, ask, number, need):
    dial = {"number": number, "purpose": Purpose.SALES}
    assert [found.name for found in needs_of_dial(ask(**dial))] == [need]
    assert needs_of_dial(ask(**dial, kind=DialKind.MANUAL)) == ()
    assert needs_of_dial(ask(**dial | {"purpose": Purpose.INFORMATION})) == ()


def test_the_strictest_of_number_zip_and_state_holds(needs_of_dial, ask):
    assert needs_of_dial(ask(purpose=Purpose.SALES)) == ()
    assert len(needs_of_dial(ask(purpose=Purpose.SALES, state="OK", postal_code="33101"))) == 2


def test_a_place_that_is_not_known_is_refused(reason):
    assert reason(number="+12125550123", state="Atlantis") == Refused.UNKNOWN_PLACE
