"""Keys and certificates of local signers: what signs now, and what ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.sealing import seal, unseal

from ..choices import SignerKind
from ..models import Certificate, Signer
from .chains import read_chain

KEY_USE = "stir-key"
WARNING_DAYS = (30, 7, 1)
"""So long before a certificate ends somebody is told, each time more urgently."""


@dataclass(frozen=True, slots=True)
class LocalKey:
    """What a local signer signs with: nothing outside of its certificate's time."""

    key: ec.EllipticCurvePrivateKey
    x5u: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    spc: str


def current_key(signer_id: int) -> LocalKey | None:
    """The key in use of a local signer, whatever the date; None where none is installed or the signer is off.

    One query. Raises ``accounts.sealing.SealBroken`` where the key was sealed with another PACELINE_SECRET_KEY.
    """
    found = Certificate.objects.filter(signer=signer_id, signer__active=True, in_use=True).first()
    if found is None or found.not_before is None or found.not_after is None:
        return None
    key = open_key(found.key_sealed)
    return LocalKey(key, found.x5u, found.fingerprint, found.not_before, found.not_after, found.spc)


def find_request(signer: Signer, chain: bytes) -> Certificate | None:
    """The open request of a signer that a chain of the authority answers: both are of one key.

    Raises ``ChainInvalid`` for what is no chain.
    """
    key = read_chain(chain)[0].public_key()
    for asked in Certificate.objects.filter(signer=signer, chain="", retired_at=None):
        if open_key(asked.key_sealed).public_key() == key:
            return asked
    return None


def problems(organisation_id: int, now: datetime) -> list[str]:
    """What is wrong, or soon will be, with the signers that trunks use; for the supervisor's page. Two queries."""
    used = Signer.objects.filter(organisation=organisation_id, kind=SignerKind.LOCAL, trunks__enabled=True)
    certificates = Certificate.objects.filter(signer__in=used, in_use=True)
    ends = dict(certificates.values_list("signer", "not_after"))
    found = [
        _problem(name, active, ends.get(pk), now)
        for pk, name, active in used.values_list("pk", "name", "active").distinct()
    ]
    return [problem for problem in found if problem]


def days_left(not_after: datetime, now: datetime) -> int:
    """Whole days until a certificate ends, 0 on its last day, below 0 once it has ended."""
    return (not_after - now).days


def is_ending(not_after: datetime, now: datetime) -> bool:
    """Whether it is time to request the next one."""
    return days_left(not_after, now) < WARNING_DAYS[0]


def _problem(name: str, active: bool, not_after: datetime | None, now: datetime) -> str:
    if not active or not_after is None:
        return (
            f"The signer “{name}” has no certificate in use: calls over its trunks are refused. Install one."
        )
    if now >= not_after:
        return f"The certificate of “{name}” has ended: calls over its trunks are refused. Install a new one."
    left = days_left(not_after, now)
    if left >= WARNING_DAYS[0]:
        return ""
    urgency = "Request the next one" if left >= WARNING_DAYS[1] else "Install the next one now"
    when = "today" if left < WARNING_DAYS[2] else f"in {left} {'day' if left == 1 else 'days'}"
    return f"The certificate of “{name}” ends {when}. {urgency}, or its calls will be refused."


def seal_key(key: ec.EllipticCurvePrivateKey) -> str:
    """The key as it rests in the database, encrypted."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return seal(pem.decode(), KEY_USE)


def open_key(sealed: str) -> ec.EllipticCurvePrivateKey:
    """The key again. Raises ``accounts.sealing.SealBroken``."""
    key = serialization.load_pem_private_key(unseal(sealed, KEY_USE).encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
