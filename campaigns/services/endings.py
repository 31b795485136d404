"""The leads of many calls that end together: read and locked at once, changed in memory, written at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection

from accounts.rows import update_rows
from campaigns.models import Callback, Lead, LeadList

from . import ending

KEPT = ("live_call", "attempts", "status", "next_call_at", "outcome_counts")
KEEP = """UPDATE campaigns_lead
    SET live_call = %s, attempts = %s, status = %s, next_call_at = %s, outcome_counts = %s WHERE id = %s"""
COUNT_ATTEMPT = "UPDATE campaigns_leadphone SET attempts = attempts + 1 WHERE lead_id = %s AND number = %s"


class Endings:
    """Of one transaction: nothing is stored before ``write``."""

    def __init__(self, lead_ids: Collection[int]) -> None:
        self.leads = _locked(lead_ids)
        waiting = (
            Callback.objects.filter(lead__in=self.leads, done_at=None)
            if self.leads
            else Callback.objects.none()
        )
        self._promised = set(waiting.values_list("lead", flat=True))
        self._changed: dict[int, Lead] = {}
        self._attempts: list[tuple[int, str]] = []

    def close_callback(self, lead: Lead, now: dt.datetime) -> None:
        """The callback that the lead was waiting for was called, or is no longer wanted."""
        if lead.pk in self._promised:
            ending.close_callback(lead, now)

    def count_phone_attempt(self, lead: Lead, number: str) -> None:
        """One more attempt on the phone that was dialed, so that the next goes to another one."""
        self._attempts.append((lead.pk, number))

    def change(self, lead: Lead) -> None:
        """Keep what was set on the lead."""
        self._changed[lead.pk] = lead

    def promise(self, lead: Lead) -> None:
        """The lead waits for a callback from now on."""
        self._promised.add(lead.pk)

    def write(self) -> None:
        """Store it all."""
        update_rows(KEEP, list(self._changed.values()), KEPT)
        if self._attempts:
            with connection.cursor() as cursor:
                cursor.executemany(COUNT_ATTEMPT, sorted(self._attempts))


def _locked(lead_ids: Collection[int]) -> dict[int, Lead]:
    """The leads with their lists and what of their campaigns matters here, locked until the transaction ends."""
    rows = Lead.objects.select_for_update().filter(pk__in=lead_ids).order_by("pk")
    leads = {lead.pk: lead for lead in rows} if lead_ids else {}
    lists = LeadList.objects.select_related("campaign").only("campaign__max_attempts")
    found = lists.in_bulk({lead.lead_list_id for lead in leads.values()})
    for lead in leads.values():
        lead.lead_list = found[lead.lead_list_id]
    return leads
