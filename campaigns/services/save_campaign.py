"""Change a campaign's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.events import announce_change
from campaigns.models import Campaign
from compliance.clock import gate_now
from compliance.law.abandonment import rule_of
from compliance.law.wording import share
from compliance.models import CallerId

from .changes import difference, facts
from .exhaust_leads import exhaust_leads

SETTINGS = (
    *("name", "method", "abandon_limit", "ring_limit_s", "answer_wait_s", "line_limit", "wrapup_limit_s"),
    *(
        "preview_limit_s",
        "max_attempts",
        "opens",
        "closes",
        "weekdays",
        "script",
        "mask_numbers",
        "safe_harbour_text",
        "purpose",
        "topic",
        "consent_need",
        "check_reassigned",
    ),
)

LAWFUL_SHARE = frozenset({"abandon_limit", "purpose"})
"""Settings from which the share of abandoned calls follows that is lawful."""


@transaction.atomic
def save_campaign(
    campaign: Campaign,
    actor: User,
    values: Mapping[str, Any],
    caller_ids: Sequence[CallerId] | None = None,
    trunks: Sequence[Any] | None = None,
) -> bool:
    """Write these settings, audited with both sides; returns whether anything changed. The daemon is told.

    ``caller_ids`` and ``trunks`` (of the organisation) replace those chosen before; None leaves them. Leads
    beyond a lowered number of attempts are exhausted. Raises ``django.core.exceptions.ValidationError``.
    """
    before = _all_facts(Campaign.objects.get(pk=campaign.pk))
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign.full_clean()
    if not LAWFUL_SHARE.isdisjoint(values):
        _check_abandonment(campaign)
    campaign.save(update_fields=[*values])
    if caller_ids is not None:
        campaign.caller_ids.set(caller_ids)
    if trunks is not None:
        campaign.trunks.set(trunks)
    old, new = difference(before, _all_facts(Campaign.objects.get(pk=campaign.pk)))
    if not new:
        return False
    exhaust_leads(campaign.pk)
    record_audit(campaign.organisation, actor, "campaign.changed", campaign.name, old, new)
    announce_change(campaign.pk)
    return True


def _check_abandonment(campaign: Campaign) -> None:
    """No more than the law allows where the organisation calls, and what it has tightened itself."""
    rule = rule_of(campaign.organisation, campaign.purpose, gate_now())
    if campaign.abandon_limit > rule.limit:
        words = f"At most {share(rule.limit)} may be abandoned ({rule.citation}, with your own changes)."
        raise ValidationError({"abandon_limit": words})


def _all_facts(campaign: Campaign) -> dict[str, Any]:
    return facts(campaign, SETTINGS) | {
        "caller_ids": sorted(campaign.caller_ids.values_list("number", flat=True)),
        "trunks": sorted(campaign.trunks.values_list("name", flat=True)),
    }
