"""Give a lead back after a call that no agent disposed of."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from campaigns.choices import LeadStatus, Outcome, PhoneStatus
from campaigns.models import Lead, RecycleRule

from .ending import (
    attempts_left,
    close_callback,
    count_phone_attempt,
    locked_lead,
    mark_phone,
    set_standing,
    was_done,
)

UNCOUNTED_RETRY_S = 45
"""After a failure of the carrier or of our own the lead is due again this soon."""


@transaction.atomic
def release_lead(
    lead_id: int, call_id: str, outcome: str, number: str, now: dt.datetime, counted: bool = True
) -> bool:
    """End the claim of a call and set when the lead is dialed again, by the campaign's rule for the outcome.

    ``counted`` false: the dial never reached the person's side (carrier failure, our own failure), so the
    attempt is taken back. Returns False, and changes nothing, where the lead is no longer in this call: safe
    to repeat. Without a rule for the outcome the lead is not called again; talked to and never disposed of,
    it is done.
    """
    lead = locked_lead(lead_id)
    if lead is None or lead.live_call != call_id or not call_id:
        return False
    lead.live_call = ""
    if counted:
        _count(lead, Outcome(outcome), number, now)
    else:
        lead.attempts = max(lead.attempts - 1, 0)
        again = LeadStatus(lead.claimed_from or LeadStatus.RETRY)
        set_standing(lead, again, now + dt.timedelta(seconds=UNCOUNTED_RETRY_S))
    if was_done(lead):
        set_standing(lead, LeadStatus(lead.claimed_from), None)
    lead.save(update_fields=["live_call", "attempts", "status", "next_call_at", "outcome_counts"])
    return True


def _count(lead: Lead, outcome: Outcome, number: str, now: dt.datetime) -> None:
    times = lead.outcome_counts.get(outcome.value, 0) + 1
    lead.outcome_counts = {**lead.outcome_counts, outcome.value: times}
    count_phone_attempt(lead, number)
    close_callback(lead, now)
    if outcome is Outcome.CONNECTED:
        set_standing(lead, LeadStatus.FINAL, None)
    elif outcome is Outcome.INVALID:
        _try_next_phone(lead, number, now)
    else:
        _apply_rule(lead, outcome, times, now)


def _try_next_phone(lead: Lead, number: str, now: dt.datetime) -> None:
    if not mark_phone(lead, number, PhoneStatus.INVALID):
        set_standing(lead, LeadStatus.UNUSABLE, None)
    elif attempts_left(lead):
        set_standing(lead, LeadStatus.RETRY, now)
    else:
        set_standing(lead, LeadStatus.EXHAUSTED, None)


def _apply_rule(lead: Lead, outcome: Outcome, times: int, now: dt.datetime) -> None:
    rule = RecycleRule.objects.filter(campaign=lead.lead_list.campaign_id, outcome=outcome).first()
    if rule is None or times >= rule.max_attempts or not attempts_left(lead):
        set_standing(lead, LeadStatus.EXHAUSTED, None)
    else:
        set_standing(lead, LeadStatus.RETRY, now + dt.timedelta(minutes=rule.retry_after_min))
