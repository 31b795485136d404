"""A campaign that may dial, its lead, and a gate with a clock that is set: what stories are told from."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from accounts.models import Organisation
from campaigns.due import load_leads
from campaigns.models import Campaign, Lead
from compliance.choices import DialKind
from compliance.gate import DialRequest, Gate
from compliance.models import CallerId
from dialer.calls.models import Trunk
from dialer.engine.configs import load_config
from dialer.engine.hopper import as_due, dial_request
from tests.campaigns.makers import make_campaign, make_lead, make_list

NUMBER = "+12125550123"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""12:00 in New York, a Friday."""


def running_campaign(organisation: Organisation, name: str = "Spring", **values: object) -> Campaign:
    """A campaign that dials, with a trunk and a caller ID; it calls for information, which needs no registry."""
    values = {"purpose": "information", "opens": "00:00", "closes": "00:00"} | values
    campaign = make_campaign(organisation, name)
    Campaign.objects.filter(pk=campaign.pk).update(status="running", **values)
    Trunk.objects.get_or_create(
        organisation=organisation, name="Northern SIP", defaults={"host": "127.0.0.1"}
    )
    shown, _ = CallerId.objects.get_or_create(
        organisation=organisation, number="+13125550100", defaults={"proof": "bill", "attestation": "B"}
    )
    campaign.caller_ids.add(shown)
    campaign.refresh_from_db()
    return campaign


def lead_of(campaign: Campaign, number: str = NUMBER, **values: object) -> Lead:
    """A lead of the campaign with this phone."""
    lead_list = campaign.lists.first() or make_list(campaign, f"List of {campaign.name}")
    return make_lead(lead_list, number, **values)


def request_for(campaign: Campaign, lead: Lead, call: str = "") -> DialRequest:
    """What the engine would ask about the lead's first phone."""
    config, due = load_config(campaign.pk), load_leads([lead.pk])[lead.pk]
    due = dataclasses.replace(due, phone=due.phones[0])
    return dial_request(config, call, "line-1", as_due(due, []), DialKind.AUTO, 1, None)


def gate_at(now: datetime) -> Gate:
    """A gate whose clock shows ``now``."""
    return Gate(b"k" * 32, clock=lambda: now, wall=now.timestamp)
