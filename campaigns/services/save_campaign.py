"""Change a campaign's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.events import announce_change
from campaigns.models import Campaign
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


def _all_facts(campaign: Campaign) -> dict[str, Any]:
    return facts(campaign, SETTINGS) | {
        "caller_ids": sorted(campaign.caller_ids.values_list("number", flat=True)),
        "trunks": sorted(campaign.trunks.values_list("name", flat=True)),
    }
