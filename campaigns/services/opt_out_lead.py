"""The called person asked not to be called again without speaking to anybody: by a key, in the recorded
message.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from campaigns.choices import LeadStatus, PhoneStatus
from campaigns.models import LeadPhone
from compliance.choices import DncSource
from compliance.services.add_to_dnc import add_to_dnc

from .ending import close_callback, locked_lead, set_standing

OPT_OUT_DIGIT = "9"
"""The key that the default safe-harbour message names (47 CFR 64.1200(a)(7)(i)(B))."""


@transaction.atomic
def opt_out_lead(
    organisation_id: int, lead_id: int | None, call_id: str, number: str, now: dt.datetime
) -> None:
    """Put the number that was called on the do-not-call list, and never dial its lead again. Safe to repeat.

    Only that number: whoever answered it need not be the person whose other numbers we have.
    """
    note = f"Pressed {OPT_OUT_DIGIT} in call {call_id}"
    add_to_dnc(organisation_id, [number], DncSource.KEY, note, "called person", now)
    lead = locked_lead(lead_id) if lead_id is not None else None
    if lead is None:
        return
    LeadPhone.objects.filter(lead=lead, number=number).update(status=PhoneStatus.DO_NOT_CALL)
    if lead.live_call in ("", call_id):
        lead.live_call = ""
        close_callback(lead, now)
        set_standing(lead, LeadStatus.DO_NOT_CALL, None)
        lead.save(update_fields=["live_call", "status", "next_call_at"])
