"""Tell the gate how calls ended: lock-outs and the rest of caller IDs are counted from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from campaigns.choices import Outcome
from compliance.choices import ContactKind
from compliance.services.forget_contact import forget_contacts
from compliance.services.note_caller_result import Ended, note_caller_results
from compliance.services.record_contact import Met, record_contacts
from dialer.calls.models import Call

CONTACTS = {Outcome.ABANDONED: ContactKind.ABANDONED, Outcome.CONNECTED: ContactKind.CONVERSATION}
"""Outcome → what it was to the person who was called."""


def tell_gate(calls: Iterable[Call]) -> None:
    """What the records of ended calls say, told once however often; nothing of calls that have not ended."""
    ended = [call for call in calls if call.ended_at is not None]
    met = [_met(call) for call in ended if call.outcome in CONTACTS]
    if met:
        record_contacts(met)
    if ended:
        note_caller_results([_ended(call) for call in ended])


def _met(call: Call) -> Met:
    assert call.ended_at is not None, "only ended calls are told"
    subject = subject_of(call.lead_id, call.number)
    kind = CONTACTS[Outcome(call.outcome)]
    return Met(call.organisation_id, call.number, subject, call.campaign_id, call.pk, kind, call.ended_at)


def _ended(call: Call) -> Ended:
    assert call.ended_at is not None, "only ended calls are told"
    return Ended(
        call.organisation_id,
        call.caller_id,
        call.pk,
        call.ended_at,
        call.sip_code,
        call.sip_reason,
        answered=call.answered_at is not None,
        talk_s=(call.ended_at - call.answered_at).total_seconds() if call.answered_at else 0.0,
    )


def tell_gate_of_machines(calls: Collection[str]) -> None:
    """Agents say that machines had answered: nobody was talked with."""
    forget_contacts(calls, ContactKind.CONVERSATION)


def subject_of(lead: int | None, number: str) -> str:
    """Whose attempts are counted together: the lead's, or the number's where it belongs to none."""
    return f"lead:{lead}" if lead else f"number:{number}"
