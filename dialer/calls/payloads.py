"""What other systems are told of a call: the documented shapes, and how they are filled.

The shapes are a contract with receivers: fields may be added, none renamed, removed or given a new meaning.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from campaigns.models import Callback, Disposition, Lead

from .models import Call

CALL_DISPOSED = "call.disposed"
RELATIONS = ("organisation", "campaign", "lead", "agent", "disposition")
"""Give these to ``select_related`` before building payloads of many calls."""


class OrganisationPart(msgspec.Struct, frozen=True, kw_only=True):
    """Whose call it was."""

    id: int
    name: str


class CampaignPart(msgspec.Struct, frozen=True, kw_only=True):
    """The campaign that dialed."""

    id: int
    name: str


class CallPart(msgspec.Struct, frozen=True, kw_only=True):
    """The call. Numbers are E.164 with ``+``; times are UTC."""

    id: str
    kind: str
    """auto, preview, manual or callback."""
    number: str
    caller_id: str
    placed_at: datetime
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime | None
    outcome: str
    """A value of ``campaigns.choices.Outcome``; empty while the call lasts."""
    sip_code: int | None
    talk_s: float
    """Seconds from the agent's joining to the end; 0 where nobody talked or the call still lasts."""


class LeadPart(msgspec.Struct, frozen=True, kw_only=True):
    """The person called, with the organisation's own reference and fields."""

    id: int
    external_id: str
    first_name: str
    last_name: str
    custom: dict[str, Any]


class AgentPart(msgspec.Struct, frozen=True, kw_only=True):
    """Who talked."""

    id: int
    name: str


class DispositionPart(msgspec.Struct, frozen=True, kw_only=True):
    """What the agent said of the call. ``meaning``: final, retry, do_not_call, callback or success."""

    code: str
    name: str
    meaning: str


class CallDisposed(msgspec.Struct, frozen=True, kw_only=True):
    """An agent, or the wrap-up limit in the agent's place, has said what became of a call."""

    occurred_at: datetime
    organisation: OrganisationPart
    campaign: CampaignPart
    call: CallPart
    lead: LeadPart | None
    """None for a number that was dialed by hand and is nobody's."""
    agent: AgentPart | None
    disposition: DispositionPart | None
    callback_at: datetime | None
    notes: str


def call_disposed_payload(call: Call) -> dict[str, Any]:
    """The data of ``call.disposed`` for a call whose disposition, notes and callback are written already."""
    return disposed_payload(call, _promised_callback(call))


def disposed_payload(call: Call, callback_at: datetime | None) -> dict[str, Any]:
    """The same where the callback that was promised has been read already."""
    return msgspec.to_builtins(
        CallDisposed(
            occurred_at=call.disposed_at or call.ended_at or call.placed_at,
            organisation=OrganisationPart(id=call.organisation.pk, name=call.organisation.name),
            campaign=CampaignPart(id=call.campaign.pk, name=call.campaign.name),
            call=_call_part(call),
            lead=_lead_part(call.lead),
            agent=AgentPart(id=call.agent.pk, name=call.agent.display_name) if call.agent else None,
            disposition=_disposition_part(call.disposition),
            callback_at=callback_at,
            notes=call.notes,
        )
    )


def _call_part(call: Call) -> CallPart:
    return CallPart(
        id=call.pk,
        kind=call.kind,
        number=call.number,
        caller_id=call.caller_id,
        placed_at=call.placed_at,
        answered_at=call.answered_at,
        connected_at=call.connected_at,
        ended_at=call.ended_at,
        outcome=call.outcome,
        sip_code=call.sip_code,
        talk_s=talk_seconds(call),
    )


def _lead_part(lead: Lead | None) -> LeadPart | None:
    if lead is None:
        return None
    return LeadPart(
        id=lead.pk,
        external_id=lead.external_id,
        first_name=lead.first_name,
        last_name=lead.last_name,
        custom=lead.custom,
    )


def _disposition_part(disposition: Disposition | None) -> DispositionPart | None:
    if disposition is None:
        return None
    return DispositionPart(code=disposition.code, name=disposition.name, meaning=disposition.meaning)


def _promised_callback(call: Call) -> datetime | None:
    promised = Callback.objects.filter(organisation=call.organisation, call=call.pk, done_at__isnull=True)
    return promised.values_list("due_at", flat=True).first()


def talk_seconds(call: Call) -> float:
    """Seconds from the agent's joining to the end of the call; 0 where either is missing."""
    if call.connected_at is None or call.ended_at is None:
        return 0.0
    return round(max(0.0, (call.ended_at - call.connected_at).total_seconds()), 3)
