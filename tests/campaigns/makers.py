"""Small objects for tests of campaigns."""

from __future__ import annotations

import datetime as dt
import itertools

from accounts.models import Organisation, User
from campaigns.choices import LeadStatus
from campaigns.models import Campaign, Lead, LeadList, LeadPhone
from campaigns.services.create_campaign import create_campaign

NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
_numbers = itertools.count(1)


def number() -> str:
    """A number nobody has had yet."""
    return f"+1212{next(_numbers) + 2_000_000}"


def make_user(organisation: Organisation, name: str = "sue", role: str = "supervisor") -> User:
    """A person who may sign in."""
    return User.objects.create_user(name, password="a long password", organisation=organisation, role=role)


def make_campaign(organisation: Organisation, name: str = "Spring", **values: object) -> Campaign:
    """A stopped campaign with the defaults."""
    return create_campaign(organisation, "sue", name, **values)


def make_list(campaign: Campaign, name: str = "List", **values: object) -> LeadList:
    """An active list of the campaign."""
    return LeadList.objects.create(organisation=campaign.organisation, campaign=campaign, name=name, **values)


def make_lead(lead_list: LeadList, *numbers: str, **values: object) -> Lead:
    """A lead with these phones, or with one."""
    lead = Lead.objects.create(organisation=lead_list.organisation, lead_list=lead_list, **values)
    for position, each in enumerate(numbers or (number(),)):
        LeadPhone.objects.create(lead=lead, organisation=lead.organisation, number=each, position=position)
    return lead


def in_call(lead: Lead, call: str = "c1") -> Lead:
    """The lead as a claim leaves it."""
    Lead.objects.filter(pk=lead.pk).update(
        live_call=call,
        claimed_from=lead.status,
        status=LeadStatus.DIALING,
        attempts=lead.attempts + 1,
        last_attempt_at=NOW,
    )
    lead.refresh_from_db()
    return lead
