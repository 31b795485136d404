"""Signs a call that is not made, on the very way of a real one, for a person to look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from ..models import Signer
from .passport import from_base64url
from .signers import sign_all
from .values import Asked, Unsigned


@dataclass(frozen=True, slots=True)
class Sample:
    """What was signed, or ``why`` it was not."""

    identity: str = ""
    header: str = ""
    payload: str = ""
    words: str = ""
    why: str = ""


def sign_sample(signer: Signer, now: datetime, orig: str, dest: str, attestation: str) -> Sample:
    """The Identity header for a call at ``now``, with its token decoded. Numbers are E.164 with ``+``."""
    asked = Asked(signer.pk, signer.organisation_id, attestation, orig, dest, now.timestamp())
    (answer,) = sign_all([asked])
    if isinstance(answer, Unsigned):
        return Sample(why=answer.why)
    if not answer.identity:
        return Sample(words=f"{answer.signer}: the carrier is asked to sign with {answer.attestation}.")
    header, payload, _ = answer.identity.partition(";")[0].split(".")
    return Sample(answer.identity, _readable(header), _readable(payload), answer.signer)


def _readable(part: str) -> str:
    return json.dumps(json.loads(from_base64url(part)), indent=2)
