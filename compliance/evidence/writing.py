"""Answers of the gate as entries of the chain."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dialer.bus.permit import Permit

from ..numbers import is_e164, to_digits
from ..stir.signers import Signed
from ..values import DialRequest, Evidence, Refused
from .chain import Entry

_encode = msgspec.json.Encoder().encode


def granted_entry(
    request: DialRequest, permit: Permit, signature: Signed, at: datetime, evidence: Evidence
) -> Entry:
    """A grant, with what it shows and who signed it."""
    return Entry(
        organisation=request.organisation,
        call=request.call,
        campaign=request.campaign,
        subject=request.subject,
        topic=request.topic,
        number=to_digits(request.number),
        kind=request.kind.value,
        at=at,
        evidence=_evidence(request, evidence),
        permit=permit.id,
        caller_id=permit.caller_id,
        trunk=request.trunk,
        attestation=signature.attestation,
        origid=signature.origid,
        signer=signature.signer,
    )


def refused_entry(request: DialRequest, refused: Refused) -> Entry:
    """A refusal; a number that is none is kept in the words of the rule only."""
    return Entry(
        organisation=request.organisation,
        call=request.call,
        campaign=request.campaign,
        subject=request.subject,
        topic=request.topic,
        number=to_digits(request.number) if is_e164(request.number) else None,
        kind=request.kind.value,
        at=refused.at,
        evidence=_evidence(request, refused.evidence),
        reason=refused.reason.value,
        detail=refused.detail,
        rule=f"{refused.rule} {refused.version}"[:24],
        retry_at=refused.retry_at,
        trunk=request.trunk,
    )


def _evidence(request: DialRequest, evidence: Evidence) -> str:
    asked = {
        "purpose": request.purpose.value,
        "attempts": request.attempts,
        "state": request.state,
        "zip": request.postal_code,
        "zone": request.time_zone,
        "phone": request.phone_kind,
    }
    return _encode({"asked": asked, "rules": evidence}).decode()
