"""Take leads for their calls, before anything is dialed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from campaigns.choices import DIALABLE, LeadStatus

CLAIM_BY_HAND = """UPDATE campaigns_lead
    SET live_call = %s, claimed_from = status, status = %s, attempts = attempts + 1, last_attempt_at = %s
    WHERE id = %s AND live_call = ''"""
CLAIM = CLAIM_BY_HAND + " AND status IN (%s, %s, %s)"
"""One place for each status of ``DIALABLE``. Every dial pays for its claim: the ORM's took ten times as long."""


def claim_leads(claims: Sequence[tuple[int, str]], now: dt.datetime, *, by_hand: bool = False) -> set[int]:
    """Claim each (lead id, call id) by one conditional UPDATE; returns the ids of the leads that were won.

    A lead that is in a call, or is no longer to be dialed, is left out. ``by_hand`` is for a person's own
    choice (manual, preview, callback): the lead may have any status, but still no other call. Runs inside the
    caller's transaction, so that claim and call record stand or fall together. Rows are locked in the order
    of their ids.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            "claim_leads needs the caller's transaction: claim and call record belong together."
        )
    return {lead_id for lead_id, call_id in sorted(claims) if _claim(lead_id, call_id, now, by_hand)}


def _claim(lead_id: int, call_id: str, now: dt.datetime, by_hand: bool) -> bool:
    at = connection.ops.adapt_datetimefield_value(now)
    won = [call_id, LeadStatus.DIALING.value, at, lead_id]
    with connection.cursor() as cursor:
        if by_hand:
            cursor.execute(CLAIM_BY_HAND, won)
        else:
            cursor.execute(CLAIM, [*won, *(status.value for status in sorted(DIALABLE))])
        return bool(cursor.rowcount)
