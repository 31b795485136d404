"""The hopper: leads that may be called come first, the others are told once why not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from campaigns.models import Campaign, Lead, LeadList
from campaigns.services.save_lead import save_lead
from compliance.gate import Gate
from compliance.models import CallerId, Decision
from dialer.calls.models import Trunk
from dialer.engine.configs import load_config
from dialer.engine.hopper import refill

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
MORNING_IN_NEW_YORK = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
"""Nine o'clock in New York, six in California."""
NEW_YORK, CALIFORNIA = "212", "415"


@pytest.fixture
def campaign(db: None) -> Campaign:
    organisation = Organisation.objects.create(name="Acme")
    campaign = Campaign.objects.create(
        organisation=organisation,
        name="C",
        purpose="information",
        status="running",
        opens=time(0),
        closes=time(0),
    )
    campaign.caller_ids.add(
        CallerId.objects.create(organisation=organisation, number="+12125550199", proof="x")
    )
    Trunk.objects.create(organisation=organisation, name="T", host="127.0.0.1")
    return campaign


@pytest.fixture(autouse=True)
def morning(settings: Any) -> None:
    settings.GATE_OFFSET_S = (MORNING_IN_NEW_YORK - datetime.now(UTC)).total_seconds()


def add_leads(campaign: Campaign, areas: list[str]) -> list[int]:
    leads, _ = LeadList.objects.get_or_create(organisation=campaign.organisation, campaign=campaign, name="L")
    return [
        save_lead(Lead(lead_list=leads), "sue", {"first_name": f"Lead {n}"}, [f"+1{area}55501{n:02}"]).pk
        for n, area in enumerate(areas)
    ]


def fill(campaign: Campaign, limit: int) -> tuple[list[int], bool]:
    found, dry = refill(load_config(campaign.pk), Gate(b"k" * 32), [], limit)
    return [item["screen"]["id"] for item in found], dry


def test_closed_leads_are_passed_over_while_there_are_open_ones(campaign: Campaign) -> None:
    ids = add_leads(campaign, [CALIFORNIA] * 6 + [NEW_YORK] * 4)
    assert fill(campaign, 4) == (ids[6:], False)
    assert not Decision.objects.exists()


def test_where_open_ones_run_short_each_closed_one_is_told_once_from_when_on(campaign: Campaign) -> None:
    ids = add_leads(campaign, [CALIFORNIA] * 3 + [NEW_YORK] * 2)
    assert fill(campaign, 10) == (ids[3:], True)
    refused = Decision.objects.values_list("reason", "number")
    assert sorted(refused) == [("window", int(f"1{CALIFORNIA}55501{n:02}")) for n in range(3)]
    waits = set(Lead.objects.filter(pk__in=ids[:3]).values_list("next_call_at", flat=True))
    assert all((at - datetime.now(UTC)).total_seconds() > 3600 for at in waits)
    fill(campaign, 10)
    assert Decision.objects.count() == 3


def test_a_class_changes_with_the_numbers_of_a_lead(campaign: Campaign) -> None:
    (lead,) = add_leads(campaign, [NEW_YORK])
    before = Lead.objects.get().window_class
    save_lead(Lead.objects.get(pk=lead), "sue", {"first_name": "Moved"}, [f"+1{CALIFORNIA}5550100"])
    assert before
    assert Lead.objects.get().window_class not in (0, before)


def test_leads_are_locked_before_the_chain_and_in_the_order_of_their_ids(campaign: Campaign) -> None:
    ids = add_leads(campaign, [CALIFORNIA] * 3)
    Lead.objects.filter(pk=ids[2]).update(status="retry", next_call_at=datetime.now(UTC) - timedelta(hours=1))
    with CaptureQueriesContext(connection) as asked:
        fill(campaign, 10)
    statements = [query["sql"] for query in asked]
    leads = [place for place, sql in enumerate(statements) if sql.startswith('UPDATE "campaigns_lead"')]
    chain = next(place for place, sql in enumerate(statements) if "UPDATE compliance_chain" in sql)
    assert [int(statements[place].rpartition("= ")[2]) for place in leads] == ids
    assert max(leads) < chain
