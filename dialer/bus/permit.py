"""The Permit: the only thing that makes a line node dial.

The gate grants it, the line node opens it. It names everything that may vary in a dial, is authenticated with a
key that only the gate and the line nodes hold (HMAC-SHA-256), lives for seconds, and is good for one call on one
node: the node remembers what it has used until it expires, and takes none that was granted before it started.
"""

from __future__ import annotations

import hashlib
import hmac

import msgspec

TAG_BYTES = 32
DEFAULT_LIFE_S = 10.0
CLOCK_SKEW_S = 2.0


class Permit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the gate allowed: this number, from this caller ID, over this trunk, now, once."""

    id: str
    call: str
    organisation: int
    campaign: int
    epoch: int
    node: str
    number: str
    """E.164 with ``+``."""
    caller_id: str
    """E.164 with ``+``, or empty where the trunk presents its own."""
    trunk: int
    granted_at: float
    expires_at: float
    display_name: str = ""
    attestation: str = ""
    origid: str = ""
    identity: str = ""
    """The whole Identity header value (RFC 8224), where a signer made one."""
    beside: tuple[str, ...] = ()
    """Further Identity headers beside it: ``div`` (RFC 8946), ``rcd`` (RFC 9795)."""


class PermitInvalid(Exception):
    """A sealed Permit that does not open; ``why`` is forged, expired or not_yet."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The permit was refused: {why}.")
        self.why = why


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Permit).decode


def seal(permit: Permit, key: bytes) -> bytes:
    """The permit with its authentication tag in front."""
    body = _encode(permit)
    return hmac.digest(key, body, hashlib.sha256) + body


def open_permit(sealed: bytes, key: bytes, now: float) -> Permit:
    """The permit, or ``PermitInvalid``. ``now`` is Unix time; two seconds of clock difference are forgiven."""
    tag, body = sealed[:TAG_BYTES], sealed[TAG_BYTES:]
    if not hmac.compare_digest(tag, hmac.digest(key, body, hashlib.sha256)):
        raise PermitInvalid("forged")
    permit = _decode(body)
    if now > permit.expires_at:
        raise PermitInvalid("expired")
    if now < permit.granted_at - CLOCK_SKEW_S:
        raise PermitInvalid("not_yet")
    return permit
