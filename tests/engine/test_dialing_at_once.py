"""A hopper that refuses leads, and workers that place calls to the same leads: nobody waits for the other in a ring."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import connections

from accounts.models import Organisation
from campaigns.models import Campaign, Lead, LeadList
from campaigns.services.save_lead import save_lead
from compliance.choices import DialKind
from compliance.evidence.verifying import verify
from compliance.gate import Gate
from compliance.models import Decision
from dialer.calls.models import Call
from dialer.calls.services.place_calls import Wish, place_calls
from dialer.engine.configs import load_config
from dialer.engine.hopper import dial_request, refill
from dialer.engine.room.config import RoomConfig

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
NIGHT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""Midnight in California: every lead is refused, and may be asked about again at once."""
KEY = b"k" * 32
LEADS, ROUNDS = 20, 8


@pytest.fixture
def config(db: None, settings: Any) -> RoomConfig:
    settings.GATE_OFFSET_S = (NIGHT - datetime.now(UTC)).total_seconds()
    organisation = Organisation.objects.create(name="Acme")
    campaign = Campaign.objects.create(
        organisation=organisation, name="C", status="running", opens=time(0), closes=time(0)
    )
    leads = LeadList.objects.create(organisation=organisation, campaign=campaign, name="L")
    for n in range(LEADS):
        save_lead(Lead(lead_list=leads), "sue", {"first_name": "Ann"}, [f"+1415555{1000 + n}"])
    return load_config(campaign.pk)


def fill(config: RoomConfig, leads: dict[int, str]) -> None:
    for lead in leads:
        Lead.objects.filter(pk=lead, live_call="").update(next_call_at=None)
    refill(config, Gate(KEY), [], LEADS)


def place(config: RoomConfig, leads: dict[int, str]) -> None:
    wishes = []
    for lead, number in leads.items():
        item = {"number": number, "screen": {"id": lead}, "request": {"country": "US"}}
        call = uuid.uuid4().hex
        wishes.append(Wish(dial_request(config, call, "line-1", item, DialKind.AUTO, 1, None), lead))
    place_calls(wishes, Gate(KEY))


def test_no_two_wait_in_a_ring(config: RoomConfig) -> None:
    leads = {lead.pk: lead.phones.get().number for lead in Lead.objects.order_by("-pk")}
    failed: list[Exception] = []

    def work(step: Callable[[RoomConfig, dict[int, str]], None]) -> None:
        try:
            for _ in range(ROUNDS):
                step(config, leads)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=[step]) for step in (fill, place, fill, place)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failed
    assert verify(config.organisation).checked == Decision.objects.count() > LEADS
    assert not Call.objects.exists()
