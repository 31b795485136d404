"""What an agent said of a call, done to the lead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from campaigns.choices import LeadStatus, Meaning, Outcome, PhoneStatus
from campaigns.models import Callback, Disposition, Lead, LeadPhone
from compliance.choices import DncSource
from compliance.services.add_to_dnc import add_to_dnc

from .ending import attempts_left, close_callback, count_phone_attempt, locked_lead, set_standing

NOTE_LENGTH = 400


class BadDisposition(ValueError):
    """The disposition cannot be taken as it was given; the message says what to do."""


@dataclass(frozen=True, slots=True)
class _Disposal:
    """One call of ``dispose_lead``: what its steps need to know."""

    lead: Lead
    disposition: Disposition
    call_id: str
    number: str
    agent_id: int | None
    callback_at: dt.datetime | None
    callback_mine: bool
    notes: str
    now: dt.datetime


def dispose_lead(
    lead_id: int,
    call_id: str,
    disposition_id: int,
    number: str,
    agent_id: int | None,
    callback_at: dt.datetime | None,
    callback_mine: bool,
    notes: str,
    now: dt.datetime,
) -> LeadStatus | None:
    """Apply a disposition of the lead's campaign and end the call's claim; returns where the lead stands now.

    Runs in the caller's transaction, together with the call record. It may be repeated, and may come after
    the claim was released: the later word counts. Where the lead is already in another call only a
    do-not-call request takes effect, and None is returned; None too where the lead is gone. ``notes`` go with
    a callback and a do-not-call entry; the call record keeps them otherwise. Raises ``BadDisposition``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            "dispose_lead needs the caller's transaction: lead and call are disposed together."
        )
    lead = locked_lead(lead_id)
    if lead is None:
        return None
    found = Disposition.objects.filter(pk=disposition_id, campaign__organisation=lead.organisation_id).first()
    if found is None:
        raise BadDisposition("This disposition does not exist. Reload the console.")
    disposal = _Disposal(lead, found, call_id, number, agent_id, callback_at, callback_mine, notes, now)
    _check_callback(disposal)
    if found.meaning == Meaning.DO_NOT_CALL:
        _stop_calling(disposal)
    if lead.live_call not in ("", call_id):
        return None
    _settle(disposal)
    return LeadStatus(lead.status)


def _check_callback(disposal: _Disposal) -> None:
    if disposal.disposition.meaning != Meaning.CALLBACK:
        return
    if disposal.callback_at is None:
        raise BadDisposition("Choose when to call back.")
    if disposal.callback_at <= disposal.now:
        raise BadDisposition("That time has passed. Choose a later one for the callback.")


def _settle(disposal: _Disposal) -> None:
    lead = disposal.lead
    if lead.live_call:
        _count_talk(disposal)
    lead.live_call = ""
    close_callback(lead, disposal.now)
    match Meaning(disposal.disposition.meaning):
        case Meaning.FINAL:
            set_standing(lead, LeadStatus.FINAL, None)
        case Meaning.SUCCESS:
            set_standing(lead, LeadStatus.SUCCESS, None)
        case Meaning.DO_NOT_CALL:
            set_standing(lead, LeadStatus.DO_NOT_CALL, None)
        case Meaning.RETRY:
            _retry(disposal)
        case Meaning.CALLBACK:
            _promise(disposal)
    lead.save(update_fields=["live_call", "status", "next_call_at", "outcome_counts"])


def _count_talk(disposal: _Disposal) -> None:
    """The claim ends here and not in ``release_lead``: what that would have counted is counted here."""
    lead = disposal.lead
    outcome = Outcome.MACHINE if disposal.disposition.is_machine else Outcome.CONNECTED
    lead.outcome_counts = {
        **lead.outcome_counts,
        outcome.value: lead.outcome_counts.get(outcome.value, 0) + 1,
    }
    count_phone_attempt(lead, disposal.number)


def _retry(disposal: _Disposal) -> None:
    if attempts_left(disposal.lead):
        after = dt.timedelta(minutes=disposal.disposition.retry_after_min)
        set_standing(disposal.lead, LeadStatus.RETRY, disposal.now + after)
    else:
        set_standing(disposal.lead, LeadStatus.EXHAUSTED, None)


def _promise(disposal: _Disposal) -> None:
    lead = disposal.lead
    campaign_id = lead.lead_list.campaign_id or disposal.disposition.campaign_id
    assert disposal.callback_at is not None, "checked before anything was written"
    Callback.objects.create(
        organisation_id=lead.organisation_id,
        campaign_id=campaign_id,
        lead=lead,
        agent_id=disposal.agent_id if disposal.callback_mine else None,
        due_at=disposal.callback_at,
        note=disposal.notes[:NOTE_LENGTH],
        call=disposal.call_id,
    )
    set_standing(lead, LeadStatus.CALLBACK, disposal.callback_at)


def _stop_calling(disposal: _Disposal) -> None:
    """The person asked, not the phone: all their numbers go on the list (47 CFR 64.1200(d)(3))."""
    phones = LeadPhone.objects.filter(lead=disposal.lead)
    numbers = sorted({disposal.number, *phones.values_list("number", flat=True)} - {""})
    phones.update(status=PhoneStatus.DO_NOT_CALL)
    agent = User.objects.filter(pk=disposal.agent_id).first() if disposal.agent_id else None
    actor = agent.username if agent else "wrap-up limit"
    note = disposal.notes[:200] or disposal.disposition.name
    add_to_dnc(disposal.lead.organisation_id, numbers, DncSource.DISPOSITION, note, actor, disposal.now)
