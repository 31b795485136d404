"""A floor in a scratch installation: campaigns with leads of their own, agents who are signed in, one trunk.

Sales calls under every rule of the gate, signed by a key of our own, as the benchmark of the gate has them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bench.gate.decisions import AREA_CODES, NOON
from bench.gate.installation import organisation_with_everything

from .crew import Person

LEADS_A_CAMPAIGN = 1_500
"""More than one dials: 0.75 a second for five minutes, a hopper of 200, and what the warm-up takes."""
BATCH = 2_000
LINE_LIMIT = 150
WRAPUP_LIMIT_S = 60
RING_LIMIT_S = 18
SALE = "sale"


def gate_offset_s() -> float:
    """Seconds that bring the gate's clock to an hour at which every lead may be called."""
    return (NOON - datetime.now(UTC)).total_seconds()


def build(campaigns: int, agents: int, joins_within_s: float) -> list[Person]:
    """Write it all to the database; returns the agents in the order in which they join, ``agents`` a campaign."""
    from dialer.calls.models import Trunk

    organisation, signer = organisation_with_everything(NOON)
    Trunk.objects.create(organisation=organisation, name="Bench", host="127.0.0.1", signer_id=signer)
    ids = [_campaign(organisation, number) for number in range(campaigns)]
    return _signed_in(organisation, [ids[n % campaigns] for n in range(campaigns * agents)], joins_within_s)


def _campaign(organisation: Any, number: int) -> int:
    from campaigns.choices import Method
    from campaigns.models import Lead, LeadList, LeadPhone
    from campaigns.services.create_campaign import create_campaign
    from compliance.models import CallerId

    campaign = create_campaign(
        organisation,
        "bench",
        f"Campaign {number:02}",
        method=Method.PREDICTIVE,
        opens="00:00",
        closes="23:59:59",
        line_limit=LINE_LIMIT,
        ring_limit_s=RING_LIMIT_S,
        wrapup_limit_s=WRAPUP_LIMIT_S,
    )
    campaign.caller_ids.set(CallerId.objects.filter(organisation=organisation))
    own = LeadList.objects.create(organisation=organisation, campaign=campaign, name=f"List {number:02}")
    leads = Lead.objects.bulk_create(
        (
            Lead(organisation=organisation, lead_list=own, first_name="Lead", last_name=str(n))
            for n in range(LEADS_A_CAMPAIGN)
        ),
        batch_size=BATCH,
    )
    LeadPhone.objects.bulk_create(
        (LeadPhone(lead=lead, organisation=organisation, number=_number(lead.pk)) for lead in leads),
        batch_size=BATCH,
    )
    campaign.status = "running"
    campaign.save()
    return int(campaign.pk)


def _number(lead: int) -> str:
    """One that no other lead has and no list holds."""
    return f"+1{AREA_CODES[lead % len(AREA_CODES)]}{2_220_000 + lead}"


def _signed_in(organisation: Any, campaigns: list[int], joins_within_s: float) -> list[Person]:
    from accounts.choices import Role
    from accounts.models import User
    from agents.models import AgentSession
    from campaigns.models import Disposition

    users = User.objects.bulk_create(
        User(username=f"bench{n}", organisation=organisation, role=Role.AGENT) for n in range(len(campaigns))
    )
    now = datetime.now(UTC)
    sessions = AgentSession.objects.bulk_create(
        AgentSession(
            id=f"{user.pk:032x}", organisation=organisation, agent=user, campaign_id=campaign, started_at=now
        )
        for user, campaign in zip(users, campaigns, strict=True)
    )
    sales = dict(Disposition.objects.filter(code=SALE).values_list("campaign", "id"))
    return [
        Person(
            agent=session.agent_id,
            session=session.pk,
            campaign=session.campaign_id,
            disposition=sales[session.campaign_id],
            joins_after_s=joins_within_s * number / len(sessions),
        )
        for number, session in enumerate(sessions)
    ]
