"""After an abandoned call, or a conversation about a debt, a person is left alone as long as the rule says."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from compliance.choices import ContactKind, DialKind, Purpose, Refused
from compliance.gate import Granted
from compliance.models import Contact, Override
from compliance.services.record_contact import Met, record_contacts

from ..conftest import NOON_IN_NEW_YORK

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("rules_that_count")]

LONDON, NEW_YORK = "+442079460123", "+12125550123"
HOUR = timedelta(hours=1)
LEFT = NOON_IN_NEW_YORK - HOUR


@pytest.fixture
def met(organisation):
    """Record a contact an hour before the clock of the tests."""

    def record(number=LONDON, kind=ContactKind.ABANDONED, subject="lead:1", at=LEFT, call=None):
        record_contacts([Met(organisation.pk, number, subject, 7, call or uuid.uuid4().hex, kind, at)])

    return record


def decide(gate, request):
    (answer,) = gate.decide([request])
    return answer


def test_in_britain_nobody_is_dialed_within_72_hours_of_an_abandoned_call(gate, ask, met, clock):
    met()
    refused = decide(gate, ask(number=LONDON))
    assert (refused.reason, refused.retry_at) == (Refused.LOCKED_OUT, LEFT + 72 * HOUR)
    assert refused.detail == (
        "On 2026-11-20 11:00 EST a call was abandoned; no call for 72 h, until 2026-11-23 11:00 EST "
        "(Ofcom, Persistent misuse, statement of 20 December 2016)."
    )
    clock.now = refused.retry_at - timedelta(microseconds=1)
    assert decide(gate, ask(number=LONDON)).reason == Refused.LOCKED_OUT
    clock.now = refused.retry_at
    assert isinstance(decide(gate, ask(number=LONDON)), Granted)


@pytest.mark.parametrize("kind", list(DialKind))
def test_a_dial_for_which_an_agent_waits_is_allowed_all_the_same(gate, ask, met, kind):
    met()
    granted = isinstance(decide(gate, ask(number=LONDON, kind=kind)), Granted)
    assert granted == (kind in ("preview", "manual"))


def test_the_last_abandoned_call_counts(gate, ask, met):
    met(at=LEFT - 71 * HOUR)
    met(at=LEFT)
    assert decide(gate, ask(number=LONDON)).retry_at == LEFT + 72 * HOUR


@pytest.mark.parametrize("changes", [{"subject": "lead:2"}, {"number": "+442079460124"}])
def test_the_lock_out_follows_the_person_by_number_and_by_lead(gate, ask, met, changes):
    met()
    assert decide(gate, ask(**{"number": LONDON, **changes})).reason == Refused.LOCKED_OUT


def test_where_the_law_sets_no_time_nobody_is_locked_out(gate, ask, met):
    met(NEW_YORK)
    assert isinstance(decide(gate, ask(number=NEW_YORK)), Granted)


def test_an_organisation_may_set_a_time_where_the_law_sets_none(gate, ask, met, organisation, person):
    met(NEW_YORK)
    Override.objects.create(
        organisation=organisation,
        rule="us-abandoned",
        value={"hours": 24},
        reason="Courtesy",
        loosens=False,
        effective=date(2026, 11, 20),
        proposed_by=person,
    )
    assert decide(gate, ask(number=NEW_YORK)).retry_at == LEFT + 24 * HOUR


def test_a_debt_is_not_called_about_within_seven_days_of_a_conversation(gate, ask, met):
    met(NEW_YORK, ContactKind.CONVERSATION)
    asked = {"number": NEW_YORK, "purpose": Purpose.COLLECTION}
    for kind in (DialKind.AUTO, DialKind.MANUAL):
        refused = decide(gate, ask(kind=kind, **asked))
        assert (refused.reason, refused.retry_at) == (Refused.LOCKED_OUT, LEFT + 168 * HOUR)
    assert isinstance(decide(gate, ask(subject="lead:2", **asked)), Granted), "another debt"
    assert isinstance(decide(gate, ask(number=NEW_YORK)), Granted), "no debt"


def test_a_conversation_by_hand_may_have_been_about_any_debt_of_the_number(gate, ask, met):
    met(NEW_YORK, ContactKind.CONVERSATION, subject=f"number:{NEW_YORK}")
    refused = decide(gate, ask(number=NEW_YORK, subject="lead:2", purpose=Purpose.COLLECTION))
    assert refused.reason == Refused.LOCKED_OUT


def test_another_organisations_contacts_are_its_own(gate, ask, met, organisation):
    other = type(organisation).objects.create(name="Other").pk
    met()
    asked = ask(number=LONDON, organisation=other, caller_ids=(), trunk_presents_caller_id=True)
    assert isinstance(decide(gate, asked), Granted)


def test_a_contact_is_kept_once_a_call_and_kind(met, organisation):
    for at in (LEFT, LEFT + HOUR):
        met(call="c" * 32, at=at)
    met(call="c" * 32, kind=ContactKind.CONVERSATION)
    kept = Contact.objects.filter(organisation=organisation, number=442079460123)
    assert list(kept.order_by("id").values_list("kind", "at")) == [
        ("abandoned", LEFT),
        ("conversation", LEFT),
    ]


def test_a_contact_is_kept_on_the_gates_clock(met, settings):
    settings.GATE_OFFSET_S = 3600.0
    met()
    assert Contact.objects.get().at == LEFT + HOUR


@pytest.mark.parametrize(("number", "kind"), [("020 7946 0123", "abandoned"), (LONDON, "shouted")])
def test_a_contact_that_makes_no_sense_is_refused(met, number, kind):
    with pytest.raises(ValueError):
        met(number, kind)
    assert not Contact.objects.exists()
