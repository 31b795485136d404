"""Tell the gate how a call ended: lock-outs and the rest of caller IDs are counted from it."""

from __future__ import annotations

from campaigns.choices import Outcome
from compliance.choices import ContactKind
from compliance.services.forget_contact import forget_contact
from compliance.services.note_caller_result import note_caller_result
from compliance.services.record_contact import record_contact
from dialer.calls.models import Call

CONTACTS = {Outcome.ABANDONED: ContactKind.ABANDONED, Outcome.CONNECTED: ContactKind.CONVERSATION}
"""Outcome → what it was to the person who was called."""


def tell_gate(call_id: str) -> None:
    """What the record of an ended call says, told once however often; nothing for a call that was never written."""
    call = Call.objects.filter(pk=call_id, ended_at__isnull=False).first()
    if call is None or call.ended_at is None:
        return
    if call.outcome in CONTACTS:
        record_contact(
            call.organisation_id,
            call.number,
            subject_of(call.lead_id, call.number),
            call.campaign_id,
            call.pk,
            CONTACTS[Outcome(call.outcome)],
            call.ended_at,
        )
    answered = call.answered_at is not None
    note_caller_result(
        call.organisation_id,
        call.caller_id,
        call.pk,
        call.ended_at,
        sip_code=call.sip_code,
        sip_reason=call.sip_reason,
        answered=answered,
        talk_s=(call.ended_at - call.answered_at).total_seconds() if call.answered_at else 0.0,
    )


def tell_gate_of_machine(call_id: str) -> None:
    """The agent says that a machine had answered: nobody was talked with."""
    forget_contact(call_id, ContactKind.CONVERSATION)


def subject_of(lead: int | None, number: str) -> str:
    """Whose attempts are counted together: the lead's, or the number's where it belongs to none."""
    return f"lead:{lead}" if lead else f"number:{number}"
