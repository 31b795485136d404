"""The story of a number: every decision in words and in order, its call, and what comes next."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from campaigns.models import Lead, LeadPhone
from compliance.choices import DncSource, Refused
from compliance.evidence.words import NEXT_STEPS, reason_label, told
from compliance.models import Decision, DncEntry
from compliance.numbers import to_digits
from compliance.services.add_to_dnc import add_to_dnc
from reporting.why.masking import masked
from reporting.why.story import tell
from tests.accounts.makers import make_organisation

from .makers import make_call, talk
from .why_makers import NOON, NUMBER, gate_at, lead_of, request_for, running_campaign

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def campaign(organisation):
    return running_campaign(organisation)


def permit(campaign, lead, at=NOON):
    """A dial that the gate permitted; gives the call's id."""
    call = uuid.uuid4().hex
    (granted,) = gate_at(at).decide([request_for(campaign, lead, call)])
    assert granted.permit.call == call
    return call


def test_every_reason_has_words_and_a_next_step():
    assert {reason.value for reason in Refused} == set(NEXT_STEPS)
    for reason in Refused:
        decision = Decision(reason=reason, kind="auto", at=NOON, evidence="{}", digest=b"")
        assert told(decision).headline == f"Refused: {reason.label}"
        assert told(decision).next_step.endswith(".")
    assert reason_label("of a later version") == "of a later version"


def test_a_permitted_dial_is_told_with_what_was_shown_and_what_came_of_it(campaign, supervisor):
    call = permit(campaign, lead_of(campaign))
    make_call(campaign, id=call, agent=supervisor, number=NUMBER, **talk())
    (event,) = tell(campaign.organisation_id, NUMBER, NOON).events
    assert (event.at, event.campaign) == (NOON, "Spring")
    assert event.decision.granted
    assert event.decision.shown.startswith("Showed +13125550100. ")
    assert (event.call.id, event.call.outcome, event.call.agent) == (call, "Connected", "sam")
    names = [rule.name for rule in event.decision.rules]
    assert "Calling window" in names
    assert not any(rule.forbade for rule in event.decision.rules)


def test_a_refusal_names_the_rule_what_it_saw_and_when_it_passes(campaign):
    night = NOON.replace(hour=11)
    gate_at(night).decide([request_for(campaign, lead_of(campaign))])
    (event,) = tell(campaign.organisation_id, NUMBER, NOON).events
    assert event.decision.headline == "Refused: Outside the calling window where the number may be"
    assert "06:00" in event.decision.detail
    assert event.decision.retry_at == datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    *passed, last = event.decision.rules
    assert last.forbade
    assert last.saw == event.decision.detail
    assert not any(rule.forbade for rule in passed)


def test_the_story_is_in_order_of_time(campaign):
    lead = lead_of(campaign)
    gate_at(NOON.replace(hour=11)).decide([request_for(campaign, lead)])
    for hours in (2, 1, 3):
        permit(campaign, lead, NOON + timedelta(hours=hours))
    events = tell(campaign.organisation_id, NUMBER, NOON + timedelta(hours=4)).events
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert [event.decision.granted for event in events] == [False, True, True, True]


def test_a_call_that_no_decision_let_through_is_told(campaign):
    make_call(campaign, number=NUMBER)
    (event,) = tell(campaign.organisation_id, NUMBER, NOON).events
    assert event.decision is None
    assert event.call.outcome == "No answer"


def test_the_organisations_own_records_are_told(campaign):
    with timezone.override("America/New_York"):
        DncEntry.objects.create(
            organisation=campaign.organisation,
            number=to_digits(NUMBER),
            source=DncSource.DISPOSITION,
            created_by="amy",
            created_at=datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
        )
        (note,) = tell(campaign.organisation_id, NUMBER, NOON).notes
    assert note == "On your do-not-call list since 19 November 2026: asked an agent by amy."


def test_nothing_is_known_of_a_number_that_never_came(campaign):
    story = tell(campaign.organisation_id, NUMBER, NOON)
    assert not story.known
    assert story.outlooks == ()


def test_another_organisations_records_are_not_told(campaign):
    permit(campaign, lead_of(campaign))
    add_to_dnc(campaign.organisation_id, [NUMBER], DncSource.MANUAL)
    assert not tell(make_organisation("Elsewhere").pk, NUMBER, NOON).known


def test_one_campaign_can_be_asked_for_alone(campaign):
    other = running_campaign(campaign.organisation, "Autumn")
    permit(campaign, lead_of(campaign))
    permit(other, lead_of(other))
    assert [e.campaign for e in tell(campaign.organisation_id, NUMBER, NOON, other.pk).events] == ["Autumn"]
    assert [o.campaign_name for o in tell(campaign.organisation_id, NUMBER, NOON, other.pk).outlooks] == [
        "Autumn"
    ]


def test_a_campaign_that_has_no_such_lead_is_asked_about_a_dial_by_hand(campaign):
    (outlook,) = tell(campaign.organisation_id, NUMBER, NOON, campaign.pk).outlooks
    assert (outlook.lead, outlook.allowed_now) == (None, True)


def test_a_masked_story_holds_the_number_nowhere(campaign):
    gate_at(NOON).decide([request_for(campaign, lead_of(campaign))])
    Decision.objects.update(detail=f"Something about {NUMBER} and {NUMBER[1:]}")
    story = masked(tell(campaign.organisation_id, NUMBER, NOON))
    assert story.number == "+1212•••••23"
    assert "2125550123" not in repr(story)
    assert story.events[0].decision.rules


def test_a_lead_that_is_done_or_switched_off_is_told(campaign):
    lead = lead_of(campaign)
    Lead.objects.update(status="final")
    LeadPhone.objects.update(status="invalid")
    lead.lead_list.active = False
    lead.lead_list.save()
    (outlook,) = tell(campaign.organisation_id, NUMBER, NOON).outlooks
    assert not outlook.allowed_now
    assert len(outlook.in_the_way) == 3
    assert "Done" in outlook.in_the_way[0]
    assert outlook.next_at == NOON
