"""Take leads out that have had all their attempts."""

from __future__ import annotations

from django.db.models import F

from campaigns.choices import LeadStatus
from campaigns.models import Lead


def exhaust_leads(campaign_id: int) -> int:
    """Mark the campaign's waiting leads that have used up its most attempts; returns how many.

    Needed where the most attempts were lowered or a list moved over: leads that reach the limit in a call are
    marked as the call ends. Agreed callbacks stay.
    """
    waiting = Lead.objects.filter(
        lead_list__campaign=campaign_id, status__in=(LeadStatus.NEW, LeadStatus.RETRY), live_call=""
    )
    spent = waiting.filter(attempts__gte=F("lead_list__campaign__max_attempts"))
    ids = spent.values("pk")
    return Lead.objects.filter(pk__in=ids).update(status=LeadStatus.EXHAUSTED, next_call_at=None)
