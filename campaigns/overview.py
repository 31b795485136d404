"""Counts for the pages that list campaigns and lists."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from .choices import DIALABLE, CampaignStatus, ImportStatus, LeadStatus
from .models import Campaign, Lead, LeadList

STATUS_LOOKS: dict[str, tuple[str, str]] = {
    CampaignStatus.RUNNING: ("good", "play"),
    CampaignStatus.PAUSED: ("warn", "pause"),
    CampaignStatus.DRAINING: ("hold", "drain"),
    CampaignStatus.STOPPED: ("", "stop"),
}
"""Tone and icon of a campaign's badge."""
LEAD_LOOKS: dict[str, tuple[str, str]] = {
    LeadStatus.NEW: ("accent", "plus"),
    LeadStatus.RETRY: ("", "clock"),
    LeadStatus.CALLBACK: ("hold", "phone"),
    LeadStatus.DIALING: ("good", "signal"),
    LeadStatus.SUCCESS: ("good", "check"),
    LeadStatus.DO_NOT_CALL: ("bad", "shield"),
    LeadStatus.UNUSABLE: ("warn", "alert"),
}
IMPORT_LOOKS: dict[str, tuple[str, str]] = {
    ImportStatus.STAGED: ("accent", "file"),
    ImportStatus.VALIDATING: ("hold", "hourglass"),
    ImportStatus.READY: ("accent", "eye"),
    ImportStatus.COMMITTING: ("hold", "hourglass"),
    ImportStatus.DONE: ("good", "check"),
    ImportStatus.CANCELLED: ("warn", "stop"),
    ImportStatus.FAILED: ("bad", "alert"),
    ImportStatus.ROLLED_BACK: ("", "out"),
}


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign with what is left to dial."""

    campaign: Campaign
    tone: str
    icon: str
    lists: int
    left: int
    leads: int


def campaign_rows(organisation_id: int) -> list[CampaignRow]:
    """All campaigns of the organisation: two queries."""
    leads = lead_counts(organisation_id, "lead_list__campaign")
    rows = Campaign.objects.filter(organisation=organisation_id).annotate(list_count=Count("lists"))
    return [
        CampaignRow(each, *STATUS_LOOKS[each.status], each.list_count, *leads.get(each.pk, (0, 0)))
        for each in rows
    ]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list with what is left to dial."""

    lead_list: LeadList
    left: int
    leads: int


def list_rows(organisation_id: int) -> list[ListRow]:
    """All lists of the organisation: two queries."""
    leads = lead_counts(organisation_id, "lead_list")
    lists = LeadList.objects.filter(organisation=organisation_id).select_related("campaign")
    return [ListRow(each, *leads.get(each.pk, (0, 0))) for each in lists]


def lead_counts(organisation_id: int, by: str) -> dict[int, tuple[int, int]]:
    """Id of a list or campaign → leads that are left to dial, and all."""
    groups = Lead.objects.filter(organisation=organisation_id).values_list(by)
    counted = groups.annotate(left=Count("id", filter=Q(status__in=DIALABLE)), every=Count("id")).order_by()
    return {key: (left, every) for key, left, every in counted if key is not None}


def status_counts(lead_list: LeadList) -> list[tuple[str, str, int]]:
    """Status, its words and how many of the list's leads have it."""
    counted = (
        Lead.objects.filter(lead_list=lead_list).values_list("status").annotate(n=Count("id")).order_by()
    )
    found = dict(counted)
    return [(status.value, str(status.label), found[status]) for status in LeadStatus if status in found]
