"""What an agent said of a call, done to the lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from campaigns.choices import LeadStatus, Meaning, Outcome, PhoneStatus
from campaigns.models import Callback, Disposition, Lead, LeadPhone
from compliance.choices import DncSource
from compliance.services.add_to_dnc import add_to_dnc

from .ending import attempts_left, set_standing
from .endings import Endings

NOTE_LENGTH = 400


class BadDisposition(ValueError):
    """The disposition cannot be taken as it was given; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Disposal:
    """What an agent said of one call of a lead. ``notes`` go with a callback and a do-not-call entry."""

    lead: int
    call: str
    disposition: int
    number: str
    agent: int | None
    callback_at: dt.datetime | None
    callback_mine: bool
    notes: str
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class _Disposal:
    """The same with its rows."""

    said: Disposal
    lead: Lead
    disposition: Disposition
    endings: Endings

    @property
    def now(self) -> dt.datetime:
        return self.said.now


def dispose_lead(disposal: Disposal) -> LeadStatus | None:
    """``dispose_leads`` for one call."""
    return dispose_leads([disposal])[0]


def dispose_leads(disposals: Sequence[Disposal]) -> list[LeadStatus | None]:
    """Apply dispositions of the leads' campaigns, in order, and end the calls' claims; returns where each lead stands.

    Runs in the caller's transaction, together with the call records. It may be repeated, and may come after
    the claim was released: the later word counts. Where the lead is already in another call only a
    do-not-call request takes effect, and None is returned; None too where the lead is gone. The call record keeps
    the notes otherwise. Raises ``BadDisposition``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            "dispose_leads needs the caller's transaction: lead and call are disposed together."
        )
    endings = Endings({each.lead for each in disposals})
    rules = Disposition.objects.select_related("campaign").in_bulk({each.disposition for each in disposals})
    standing = [_dispose(each, endings, rules.get(each.disposition)) for each in disposals]
    endings.write()
    return standing


def _dispose(said: Disposal, endings: Endings, rule: Disposition | None) -> LeadStatus | None:
    lead = endings.leads.get(said.lead)
    if lead is None:
        return None
    if rule is None or rule.campaign.organisation_id != lead.organisation_id:
        raise BadDisposition("This disposition does not exist. Reload the console.")
    disposal = _Disposal(said, lead, rule, endings)
    _check_callback(disposal)
    if rule.meaning == Meaning.DO_NOT_CALL:
        _stop_calling(disposal)
    if lead.live_call not in ("", said.call):
        return None
    _settle(disposal)
    return LeadStatus(lead.status)


def _check_callback(disposal: _Disposal) -> None:
    if disposal.disposition.meaning != Meaning.CALLBACK:
        return
    if disposal.said.callback_at is None:
        raise BadDisposition("Choose when to call back.")
    if disposal.said.callback_at <= disposal.now:
        raise BadDisposition("That time has passed. Choose a later one for the callback.")


def _settle(disposal: _Disposal) -> None:
    lead = disposal.lead
    if lead.live_call:
        _count_talk(disposal)
    lead.live_call = ""
    disposal.endings.close_callback(lead, disposal.now)
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
    disposal.endings.change(lead)


def _count_talk(disposal: _Disposal) -> None:
    """The claim ends here and not in ``release_lead``: what that would have counted is counted here."""
    lead = disposal.lead
    outcome = Outcome.MACHINE if disposal.disposition.is_machine else Outcome.CONNECTED
    lead.outcome_counts = {
        **lead.outcome_counts,
        outcome.value: lead.outcome_counts.get(outcome.value, 0) + 1,
    }
    disposal.endings.count_phone_attempt(lead, disposal.said.number)


def _retry(disposal: _Disposal) -> None:
    if attempts_left(disposal.lead):
        after = dt.timedelta(minutes=disposal.disposition.retry_after_min)
        set_standing(disposal.lead, LeadStatus.RETRY, disposal.now + after)
    else:
        set_standing(disposal.lead, LeadStatus.EXHAUSTED, None)


def _promise(disposal: _Disposal) -> None:
    lead = disposal.lead
    campaign_id = lead.lead_list.campaign_id or disposal.disposition.campaign_id
    assert disposal.said.callback_at is not None, "checked before anything was written"
    Callback.objects.create(
        organisation_id=lead.organisation_id,
        campaign_id=campaign_id,
        lead=lead,
        agent_id=disposal.said.agent if disposal.said.callback_mine else None,
        due_at=disposal.said.callback_at,
        note=disposal.said.notes[:NOTE_LENGTH],
        call=disposal.said.call,
    )
    disposal.endings.promise(lead)
    set_standing(lead, LeadStatus.CALLBACK, disposal.said.callback_at)


def _stop_calling(disposal: _Disposal) -> None:
    """The person asked, not the phone: all their numbers go on the list (47 CFR 64.1200(d)(3))."""
    phones = LeadPhone.objects.filter(lead=disposal.lead)
    numbers = sorted({disposal.said.number, *phones.values_list("number", flat=True)} - {""})
    phones.update(status=PhoneStatus.DO_NOT_CALL)
    agent = User.objects.filter(pk=disposal.said.agent).first() if disposal.said.agent else None
    actor = agent.username if agent else "wrap-up limit"
    note = disposal.said.notes[:200] or disposal.disposition.name
    add_to_dnc(disposal.lead.organisation_id, numbers, DncSource.DISPOSITION, note, actor, disposal.now)
