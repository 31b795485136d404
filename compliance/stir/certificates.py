"""Keys and certificates of local signers: what signs now, and what ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.sealing import seal, unseal

from ..models import Certificate

KEY_USE = "stir-key"


@dataclass(frozen=True, slots=True)
class LocalKey:
    """What a local signer signs with."""

    key: ec.EllipticCurvePrivateKey
    x5u: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    spc: str

    def signs_at(self, at: float) -> bool:
        """Whether the certificate is valid at this Unix time: outside it nothing may be signed."""
        return self.not_before.timestamp() <= at < self.not_after.timestamp()


def current_key(signer_id: int) -> LocalKey | None:
    """The key in use of a local signer, whatever the date; None where none is installed or the signer is off.

    One query. Raises ``accounts.sealing.SealBroken`` where the key was sealed with another PACELINE_SECRET_KEY.
    """
    found = Certificate.objects.filter(signer=signer_id, signer__active=True, in_use=True).first()
    if found is None or found.not_before is None or found.not_after is None:
        return None
    key = open_key(found.key_sealed)
    return LocalKey(key, found.x5u, found.fingerprint, found.not_before, found.not_after, found.spc)


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
