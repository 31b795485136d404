"""The documented shape of call.disposed, kept by what is built."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import OutboxEvent
from accounts.services.write_outbox import write_outbox
from campaigns.models import Callback, Campaign
from dialer.calls.models import Call
from dialer.calls.payloads import RELATIONS, CallDisposed, call_disposed_payload
from integrations.events import EVENT_TYPES, envelope

from .conftest import NOW, dispose, make_call

pytestmark = pytest.mark.integration


def test_the_payload_fits_its_own_schema(campaign: Campaign):
    data = call_disposed_payload(make_call(campaign))
    told = msgspec.convert(data, EVENT_TYPES["call.disposed"].schema)
    assert isinstance(told, CallDisposed)
    assert told.occurred_at == NOW
    assert told.call.talk_s == 120.0
    assert told.lead.external_id == "C-77"
    assert told.notes == "Wants the blue one."


def test_a_promised_callback_is_told(campaign: Campaign):
    call = make_call(campaign)
    due = NOW + timedelta(days=1)
    Callback.objects.create(
        organisation=call.organisation, campaign=campaign, lead=call.lead, call=call.pk, due_at=due
    )
    assert call_disposed_payload(call)["callback_at"] == "2026-11-21T15:00:00Z"


def test_a_call_of_nobody_by_nobody_is_told_with_empty_parts(campaign: Campaign):
    call = make_call(campaign)
    call.lead = call.agent = call.disposition = call.connected_at = None
    data = call_disposed_payload(call)
    assert (data["lead"], data["agent"], data["disposition"], data["call"]["talk_s"]) == (
        None,
        None,
        None,
        0.0,
    )


def test_many_payloads_ask_one_query_each_when_the_relations_are_read_before(
    campaign: Campaign, django_assert_num_queries
):
    for _ in range(3):
        make_call(campaign)
    calls = list(Call.objects.select_related(*RELATIONS))
    with django_assert_num_queries(3):
        [call_disposed_payload(call) for call in calls]


def test_an_event_is_kept_with_what_it_tells_of_or_not_at_all(campaign: Campaign):
    def fail_after_writing() -> None:
        with transaction.atomic():
            write_outbox(campaign.organisation_id, campaign.pk, "call.disposed", {}, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    assert OutboxEvent.objects.count() == 0


def shape(value: object) -> object:
    """The names of fields at every depth, without what is in them."""
    if isinstance(value, dict):
        return {name: {} if name == "custom" else shape(inner) for name, inner in value.items()}
    return None


def test_the_documented_example_has_the_fields_that_are_sent(campaign: Campaign):
    text = (settings.BASE_DIR / "docs" / "integrations.md").read_text()
    documented = json.loads(text.split("```json")[1].split("```")[0])
    assert shape(documented) == shape(envelope(dispose(campaign)))
