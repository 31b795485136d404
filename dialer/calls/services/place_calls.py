"""Write the records of calls that are about to be dialed: permitted, claimed, and on paper before any INVITE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from campaigns.choices import Outcome
from campaigns.services.claim_leads import claim_leads
from campaigns.services.refuse_lead import refuse_lead
from campaigns.services.release_lead import release_lead
from compliance.choices import DialKind
from compliance.clock import real_time
from compliance.gate import DialRequest, Gate, Granted, Refused
from dialer.calls.models import Call


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that the engine wants to make; ``lead`` 0: a number that belongs to no lead."""

    request: DialRequest
    lead: int


@dataclass(frozen=True, slots=True)
class Placed:
    """On paper: dial with this permit."""

    call: str
    permit: bytes
    permit_id: str
    caller_id: str


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """Not to be dialed. ``code``: refused (the gate) or taken (another worker has the lead)."""

    call: str
    code: str
    message: str


def place_calls(wishes: Sequence[Wish], gate: Gate) -> list[Placed | NotPlaced]:
    """Claim the leads, ask the gate, and write the records, all in one transaction.

    The claim is one conditional update a lead: of two workers one wins. A refusal undoes the claim of its lead with the
    reason. When this returns, each ``Placed`` is committed; when it raises, nothing was written or may be dialed.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        won = _claim([wish for wish in wishes if wish.lead], now)
        mine = [wish for wish in wishes if not wish.lead or wish.lead in won]
        decisions = dict(
            zip(
                (wish.request.call for wish in mine),
                gate.decide([wish.request for wish in mine]),
                strict=True,
            )
        )
        granted = [wish for wish in mine if isinstance(decisions[wish.request.call], Granted)]
        Call.objects.bulk_create([_record(wish, decisions[wish.request.call], now) for wish in granted])
        return [_answer(wish, decisions.get(wish.request.call), now) for wish in wishes]


def _claim(wishes: Sequence[Wish], now: datetime) -> set[int]:
    automatic = [(wish.lead, wish.request.call) for wish in wishes if wish.request.kind == DialKind.AUTO]
    by_hand = [(wish.lead, wish.request.call) for wish in wishes if wish.request.kind != DialKind.AUTO]
    return claim_leads(automatic, now) | claim_leads(by_hand, now, by_hand=True)


def _record(wish: Wish, decision: Granted | Refused, now: datetime) -> Call:
    assert isinstance(decision, Granted)
    request = wish.request
    return Call(
        id=request.call,
        organisation_id=request.organisation,
        campaign_id=request.campaign,
        lead_id=wish.lead or None,
        number=request.number,
        kind=request.kind,
        caller_id=decision.permit.caller_id,
        trunk_id=request.trunk or None,
        node=request.node,
        epoch=request.epoch,
        attempt=request.attempts + 1,
        placed_at=now,
        attestation=decision.permit.attestation,
        origid=decision.permit.origid,
        permit=decision.permit.id,
    )


def _answer(wish: Wish, decision: Granted | Refused | None, now: datetime) -> Placed | NotPlaced:
    call = wish.request.call
    if decision is None:
        return NotPlaced(call, "taken", "The lead is being called already, or must not be called now.")
    if isinstance(decision, Refused):
        if wish.lead:
            release_lead(wish.lead, call, Outcome.FAILED, wish.request.number, now, counted=False)
            refuse_lead(wish.lead, decision.reason, real_time(decision.retry_at), wish.request.number, now)
        return NotPlaced(call, "refused", decision.detail)
    return Placed(call, decision.sealed, decision.permit.id, decision.permit.caller_id)
