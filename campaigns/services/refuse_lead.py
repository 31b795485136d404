"""What a refusal of the gate does to the lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from campaigns.choices import DIALABLE, LeadStatus, PhoneStatus
from campaigns.models import Lead
from compliance.choices import Refused

from .ending import close_callback, locked_lead, mark_phone, set_standing

ASK_AGAIN_S = 60
"""When the gate does not say when to ask again."""
LISTED_AGAIN = dt.timedelta(days=1)
"""Registries change once a day, and a consent may come meanwhile."""
AGREED_AGAIN = dt.timedelta(hours=1)
"""A consent or an answer that is missing may be brought in at any time."""

Handler = Callable[[Lead, str, dt.datetime, dt.datetime | None], None]


@transaction.atomic
def refuse_lead(
    lead_id: int, reason: str, retry_at: dt.datetime | None, number: str, now: dt.datetime
) -> None:
    """Move a lead out of the way after a refusal: to its next phone, to a later time, or out of the campaign.

    ``reason`` is a value of ``Refused``. A lead that is in a call, or is not to be dialed any more, is left
    alone.
    """
    lead = locked_lead(lead_id)
    if lead is None or lead.live_call or lead.status not in DIALABLE:
        return
    HANDLERS.get(Refused(reason), _later)(lead, number, now, retry_at)
    if lead.status not in DIALABLE:
        close_callback(lead, now)
    lead.save(update_fields=["status", "next_call_at"])


def _later(lead: Lead, number: str, now: dt.datetime, retry_at: dt.datetime | None) -> None:
    """The same lead and number, later."""
    lead.next_call_at = retry_at or now + dt.timedelta(seconds=ASK_AGAIN_S)


def _exhausted(lead: Lead, number: str, now: dt.datetime, retry_at: dt.datetime | None) -> None:
    """A cap over a window of time only waits for it to pass; one without a window ends the lead."""
    if retry_at is not None:
        lead.next_call_at = retry_at
    else:
        set_standing(lead, LeadStatus.EXHAUSTED, None)


def _do_not_call(lead: Lead, number: str, now: dt.datetime, retry_at: dt.datetime | None) -> None:
    """That number never; another of the lead's, if there is one, at once."""
    _drop_phone(lead, number, now, PhoneStatus.DO_NOT_CALL, LeadStatus.DO_NOT_CALL)


def _listed(lead: Lead, number: str, now: dt.datetime, retry_at: dt.datetime | None) -> None:
    """Another number of the lead's at once; its last one is asked about again, for lists and consents change."""
    if lead.phones.filter(status=PhoneStatus.USABLE).exclude(number=number).exists():
        _do_not_call(lead, number, now, retry_at)
    else:
        lead.next_call_at = now + LISTED_AGAIN


def _not_agreed(lead: Lead, number: str, now: dt.datetime, retry_at: dt.datetime | None) -> None:
    """The same lead once its consent may have come."""
    lead.next_call_at = retry_at or now + AGREED_AGAIN


def _unusable(lead: Lead, number: str, now: dt.datetime, retry_at: dt.datetime | None) -> None:
    """That number cannot be dialed; another of the lead's, if there is one, at once."""
    _drop_phone(lead, number, now, PhoneStatus.INVALID, LeadStatus.UNUSABLE)


def _drop_phone(lead: Lead, number: str, now: dt.datetime, phone: PhoneStatus, without: LeadStatus) -> None:
    if mark_phone(lead, number, phone):
        lead.next_call_at = now
    else:
        set_standing(lead, without, None)


HANDLERS: dict[Refused, Handler] = {
    Refused.OWN_DNC: _do_not_call,
    Refused.LITIGATOR: _listed,
    Refused.CAMPAIGN_DNC: _listed,
    Refused.NATIONAL_DNC: _listed,
    Refused.STATE_DNC: _listed,
    Refused.WILDCARD: _listed,
    Refused.CONSENT: _not_agreed,
    Refused.REASSIGNED: _not_agreed,
    Refused.INVALID_NUMBER: _unusable,
    Refused.UNKNOWN_ZONE: _unusable,
    Refused.UNKNOWN_PLACE: _unusable,
    Refused.ATTEMPTS: _exhausted,
}
"""All other reasons pass by themselves: the lead waits."""
