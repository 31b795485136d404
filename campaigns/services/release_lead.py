"""Give a lead back after a call that no agent disposed of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction

from campaigns.choices import LeadStatus, Outcome, PhoneStatus
from campaigns.models import Lead, RecycleRule

from .ending import attempts_left, mark_phone, set_standing, was_done
from .endings import Endings

UNCOUNTED_RETRY_S = 45
"""After a failure of the carrier or of our own the lead is due again this soon."""
Rules = dict[tuple[int | None, str], RecycleRule]
"""(campaign, outcome) → the rule."""


class Release(NamedTuple):
    """The end of one call of a lead that no agent disposed of."""

    lead: int
    call: str
    outcome: str
    number: str
    at: dt.datetime
    counted: bool = True
    """False: the dial never reached the person's side (carrier failure, our own failure)."""


def release_lead(
    lead_id: int, call_id: str, outcome: str, number: str, now: dt.datetime, counted: bool = True
) -> bool:
    """End the claim of a call and set when the lead is dialed again, by the campaign's rule for the outcome.

    Where it was not ``counted`` the attempt is taken back. Returns False, and changes nothing, where the lead is no
    longer in this call: safe to repeat. Without a rule for the outcome the lead is not called again; talked to and
    never disposed of, it is done.
    """
    return bool(release_leads([Release(lead_id, call_id, outcome, number, now, counted)]))


@transaction.atomic
def release_leads(releases: Sequence[Release]) -> set[str]:
    """The same for many calls, in order, with a constant number of queries; returns the calls whose claim ended."""
    endings = Endings({each.lead for each in releases})
    rules = _rules(endings.leads.values())
    ended = {each.call for each in releases if _release(each, endings, rules)}
    endings.write()
    return ended


def _rules(leads: Iterable[Lead]) -> Rules:
    campaigns = {lead.lead_list.campaign_id for lead in leads}
    rows = RecycleRule.objects.filter(campaign__in=campaigns - {None}) if campaigns else ()
    return {(rule.campaign_id, rule.outcome): rule for rule in rows}


def _release(release: Release, endings: Endings, rules: Rules) -> bool:
    lead = endings.leads.get(release.lead)
    if lead is None or lead.live_call != release.call or not release.call:
        return False
    lead.live_call = ""
    if release.counted:
        _count(lead, release, endings, rules)
    else:
        lead.attempts = max(lead.attempts - 1, 0)
        again = LeadStatus(lead.claimed_from or LeadStatus.RETRY)
        set_standing(lead, again, release.at + dt.timedelta(seconds=UNCOUNTED_RETRY_S))
    if was_done(lead):
        set_standing(lead, LeadStatus(lead.claimed_from), None)
    endings.change(lead)
    return True


def _count(lead: Lead, release: Release, endings: Endings, rules: Rules) -> None:
    outcome, now = Outcome(release.outcome), release.at
    times = lead.outcome_counts.get(outcome.value, 0) + 1
    lead.outcome_counts = {**lead.outcome_counts, outcome.value: times}
    endings.count_phone_attempt(lead, release.number)
    endings.close_callback(lead, now)
    if outcome is Outcome.CONNECTED:
        set_standing(lead, LeadStatus.FINAL, None)
    elif outcome is Outcome.INVALID:
        _try_next_phone(lead, release.number, now)
    else:
        _apply_rule(lead, rules.get((lead.lead_list.campaign_id, outcome.value)), times, now)


def _try_next_phone(lead: Lead, number: str, now: dt.datetime) -> None:
    if not mark_phone(lead, number, PhoneStatus.INVALID):
        set_standing(lead, LeadStatus.UNUSABLE, None)
    elif attempts_left(lead):
        set_standing(lead, LeadStatus.RETRY, now)
    else:
        set_standing(lead, LeadStatus.EXHAUSTED, None)


def _apply_rule(lead: Lead, rule: RecycleRule | None, times: int, now: dt.datetime) -> None:
    if rule is None or times >= rule.max_attempts or not attempts_left(lead):
        set_standing(lead, LeadStatus.EXHAUSTED, None)
    else:
        set_standing(lead, LeadStatus.RETRY, now + dt.timedelta(minutes=rule.retry_after_min))
