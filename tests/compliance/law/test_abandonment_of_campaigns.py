"""No campaign is saved with a share of abandoned calls that its country or its organisation forbids."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from campaigns.models import Campaign
from campaigns.services.save_campaign import save_campaign
from compliance.clock import gate_now
from compliance.law.abandonment import rule_of
from compliance.models import Override

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def campaign(organisation):
    return Campaign.objects.create(organisation=organisation, name="Spring", abandon_limit=0.01)


@pytest.fixture
def tightened(organisation, person):
    """The organisation allows itself 2 %."""
    return Override.objects.create(
        organisation=organisation,
        rule="us-ftc-abandonment",
        value={"limit": 0.02},
        reason="Ours",
        loosens=False,
        effective=date(2026, 1, 1),
        proposed_by=person,
    )


def test_the_lawful_share_may_be_used_up(campaign, person):
    assert save_campaign(campaign, person, {"abandon_limit": 0.03})


def test_more_than_the_organisation_allows_itself_is_refused(campaign, person, tightened):
    with pytest.raises(ValidationError, match=r"At most 2 % may be abandoned \(16 CFR 310.4\(b\)\(4\)"):
        save_campaign(campaign, person, {"abandon_limit": 0.025})
    assert Campaign.objects.get().abandon_limit == 0.01
    assert not AuditEntry.objects.exists()
    assert save_campaign(campaign, person, {"abandon_limit": 0.02})


def test_a_purpose_for_which_less_is_lawful_is_refused_too(campaign, person, tightened):
    save_campaign(campaign, person, {"purpose": "information", "abandon_limit": 0.03})
    with pytest.raises(ValidationError, match="At most 2 %"):
        save_campaign(campaign, person, {"purpose": "sales"})


def test_other_settings_may_be_saved_all_the_same(campaign, person, tightened):
    Campaign.objects.update(abandon_limit=0.03)
    campaign.refresh_from_db()
    assert save_campaign(campaign, person, {"name": "Summer"})


def test_the_rule_of_an_organisation_is_that_of_its_country(organisation, tightened):
    assert rule_of(organisation, "sales", gate_now()).limit == 0.02
    organisation.country = "GB"
    rule = rule_of(organisation, "sales", gate_now())
    assert (rule.limit, str(rule.window)) == (0.03, "24 h")
