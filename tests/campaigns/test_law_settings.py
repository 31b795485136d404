"""What a campaign says about the law: purpose, subject, consent, reassigned numbers."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.models import Campaign

pytestmark = pytest.mark.integration

CHOSEN = {"purpose": "collection", "topic": "Cards", "consent_need": "express", "check_reassigned": "on"}


def settings_of(client, campaign) -> dict[str, object]:
    """What the page's form would send unchanged."""
    form = client.get(reverse("campaigns:campaign", args=[campaign.pk])).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_a_new_campaign_is_held_to_the_strictest_purpose(campaign):
    assert (campaign.purpose, campaign.consent_need, campaign.check_reassigned) == ("sales", "law", False)


def test_what_the_law_asks_is_chosen_on_the_page_and_kept_in_the_log(client, sue, campaign):
    client.force_login(sue)
    address = reverse("campaigns:campaign", args=[campaign.pk])
    assert client.post(address, settings_of(client, campaign) | CHOSEN).status_code == 302
    stored = Campaign.objects.get(pk=campaign.pk)
    assert (stored.purpose, stored.topic, stored.consent_need) == ("collection", "Cards", "express")
    assert stored.check_reassigned is True
    after = AuditEntry.objects.get(action="campaign.changed").after
    assert {name: after[name] for name in ("purpose", "topic", "consent_need", "check_reassigned")} == {
        **CHOSEN,
        "check_reassigned": True,
    }
