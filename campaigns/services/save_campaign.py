"""Change a campaign's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.events import announce_change
from campaigns.history import CHANGED, Difference, differences, recent_changes
from campaigns.lawful import check_limit, check_target
from campaigns.models import Campaign
from compliance.models import CallerId

from .changes import difference, facts
from .exhaust_leads import exhaust_leads

LIVE_SETTINGS = ("method", "dial_ratio", "abandon_limit", "abandon_target", "line_limit")
"""What supervisors change while a campaign dials, and the floor shows."""
SETTINGS = (
    *LIVE_SETTINGS,
    *("name", "routing", "ring_limit_s", "answer_wait_s", "wrapup_limit_s"),
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


class SettingsChanged(Exception):
    """Somebody saved other values after the person had looked; the message says which and by whom."""

    def __init__(self, found: Sequence[Difference], by: str) -> None:
        self.differences = tuple(found)
        """What the person saw, and what holds now."""
        now = ", ".join(f"{each.name} is {each.after} (you saw {each.before})" for each in found)
        super().__init__(f"{by or 'Somebody else'} changed the settings meanwhile: {now}. Nothing was saved.")


@transaction.atomic
def save_campaign(
    campaign: Campaign,
    actor: User,
    values: Mapping[str, Any],
    caller_ids: Sequence[CallerId] | None = None,
    trunks: Sequence[Any] | None = None,
    seen: Mapping[str, Any] | None = None,
) -> bool:
    """Write these settings, audited with both sides; returns whether anything changed. The daemon is told.

    ``caller_ids`` and ``trunks`` (of the organisation) replace those chosen before; None leaves them. Leads
    beyond a lowered number of attempts are exhausted. ``seen``: settings as the person saw them (``all_facts``);
    where one of them is another by now nothing is written. Raises ``django.core.exceptions.ValidationError``,
    ``SettingsChanged``.
    """
    stored = Campaign.objects.select_for_update().get(pk=campaign.pk)
    before = all_facts(stored)
    _check_seen(stored, before, seen or {})
    for name, value in values.items():
        setattr(stored, name, value)
        setattr(campaign, name, value)
    _check(stored, values)
    stored.save(update_fields=[*values])
    if caller_ids is not None:
        stored.caller_ids.set(caller_ids)
    if trunks is not None:
        stored.trunks.set(trunks)
    old, new = difference(before, all_facts(Campaign.objects.get(pk=campaign.pk)))
    if not new:
        return False
    exhaust_leads(campaign.pk)
    record_audit(campaign.organisation, actor, CHANGED, stored.name, old, new)
    announce_change(campaign.pk)
    return True


def all_facts(campaign: Campaign) -> dict[str, Any]:
    """Every setting as JSON can hold it: what ``seen`` of ``save_campaign`` takes."""
    return facts(campaign, SETTINGS) | {
        "caller_ids": sorted(campaign.caller_ids.values_list("number", flat=True)),
        "trunks": sorted(campaign.trunks.values_list("name", flat=True)),
    }


def _check(campaign: Campaign, values: Mapping[str, Any]) -> None:
    campaign.clean_fields()
    check_target(campaign)
    campaign.full_clean()
    if not LAWFUL_SHARE.isdisjoint(values):
        check_limit(campaign)


def _check_seen(campaign: Campaign, current: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    old, new = difference(dict(seen), {name: current[name] for name in seen if name in current})
    if new:
        found = differences(old, new)
        raise SettingsChanged(found, _who_changed(campaign, {each.name for each in found}))


def _who_changed(campaign: Campaign, names: set[str]) -> str:
    """Who was the last to change one of these settings."""
    for change in recent_changes(campaign):
        if not names.isdisjoint(each.name for each in change.settings):
            return change.by
    return ""
