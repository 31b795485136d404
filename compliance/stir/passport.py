"""PASSporTs: claims about a call, signed (RFC 8225; ``shaken`` RFC 8588, ``div`` RFC 8946, ``rcd`` RFC 9795).

Written in the canonical form alone (RFC 8225, 9: keys sorted, no white space, base64url without padding), and read
in that form alone, unless a peer is known to write another. The types of the claims are exact: what RFC 8588's own
example shows, ``iat`` as a string (erratum 6656), is refused.
"""

from __future__ import annotations

import json
from binascii import a2b_base64, b2a_base64
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from msgspec import Meta

TOKEN_CHARACTERS_MAX = 4000
HEADER_CHARACTERS_MAX = 1000
COORDINATE_BYTES = 32
SIGNATURE_BYTES = 2 * COORDINATE_BYTES
HEADERS_KEPT = 512
IAT_MAX = 2**40
"""Seconds; beyond it no clock of ours goes."""
ES256 = ec.ECDSA(utils.Prehashed(hashes.SHA256()))
R_AT, INTEGER_HEAD_BYTES = 4, 2
"""A DER signature: SEQUENCE, its length, INTEGER, its length, r, INTEGER, its length, s."""

Number = Annotated[str, Meta(pattern=r"\A[0-9]{1,15}\Z")]
"""E.164 digits without the plus."""
Issued = Annotated[int, Meta(ge=0, le=IAT_MAX)]


class PassportInvalid(ValueError):
    """It is no PASSporT that we take; the message says what is wrong with it."""


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields stand in the order of the canonical form, and no others may."""


class Caller(_Strict, frozen=True):
    """Who calls, or from whom a call was diverted."""

    tn: Number


class Called(_Strict, frozen=True):
    """Who is called."""

    tn: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=10)]


class Header(_Strict, frozen=True):
    """What kind of PASSporT it is, and where the certificate of its key lies."""

    alg: Literal["ES256"]
    ppt: Annotated[str, Meta(pattern=r"\A[a-z]{1,16}\Z")]
    typ: Literal["passport"]
    x5u: Annotated[str, Meta(min_length=9, max_length=500)]


class Shaken(_Strict, frozen=True):
    """The claims of RFC 8588."""

    attest: Literal["A", "B", "C"]
    dest: Called
    iat: Issued
    orig: Caller
    origid: Annotated[str, Meta(pattern=r"\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")]


class Div(_Strict, frozen=True):
    """The claims of RFC 8946: the call for ``div`` was sent on to ``dest``."""

    dest: Called
    div: Caller
    iat: Issued
    orig: Caller


class Rich(_Strict, frozen=True):
    """What a phone may show (RFC 9795, 5.1): the name alone."""

    nam: Annotated[str, Meta(min_length=1, max_length=80)]


class Rcd(_Strict, frozen=True):
    """The claims of RFC 9795."""

    dest: Called
    iat: Issued
    orig: Caller
    rcd: Rich


Claims = Shaken | Div | Rcd
CLAIMS: dict[str, type[Claims]] = {"shaken": Shaken, "div": Div, "rcd": Rcd}
"""By the header's ``ppt``."""

_encode = msgspec.json.Encoder().encode
_decode_header = msgspec.json.Decoder(Header).decode
_decoders = {ppt: msgspec.json.Decoder(claims).decode for ppt, claims in CLAIMS.items()}


class Passport(msgspec.Struct, frozen=True):
    """A token taken apart; nothing is proven until ``verify``."""

    header: Header
    claims: Claims
    signed: bytes
    """The very bytes that the signature is over."""
    signature: bytes
    """As DER."""


def encode_header(ppt: str, x5u: str) -> bytes:
    """The header as it begins a token, with its dot: the same for every call. Raises ``PassportInvalid``."""
    encoded = to_base64url(_encode(Header("ES256", ppt, "passport", x5u)))
    read_header(encoded.decode(), True)
    return encoded + b"."


def sign(header: bytes, claims: Claims, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The token. ``header`` is of ``encode_header``; the claims are taken as they are."""
    signed = header + to_base64url(_encode(claims))
    der = key.sign(sha256(signed).digest(), ES256)
    # DER by hand: two INTEGERs, each of 32 bytes, fewer, or 33 with a leading zero. The general way costs 1 us more.
    end = R_AT + der[R_AT - 1]
    r, s = der[R_AT:end], der[end + INTEGER_HEAD_BYTES :]
    raw = r[-COORDINATE_BYTES:].rjust(COORDINATE_BYTES, b"\0") + s[-COORDINATE_BYTES:].rjust(
        COORDINATE_BYTES, b"\0"
    )
    return b"%b.%b" % (signed, to_base64url(raw))


def parse(token: str, canonical: bool = True) -> Passport:
    """The token taken apart. Raises ``PassportInvalid``.

    Without ``canonical`` other orders of keys and white space are taken; types, keys and base64url stay strict.
    """
    parts = token.split(".") if len(token) <= TOKEN_CHARACTERS_MAX else ()
    if len(parts) != 3:
        raise PassportInvalid("It is not three parts with a dot between them, or too long.")
    header = read_header(parts[0], canonical)
    read = _decoders.get(header.ppt)
    if read is None:
        raise PassportInvalid(f"PASSporTs of the kind “{header.ppt}” are not known here.")
    claims = _read(from_base64url(parts[1]), read, canonical)
    signed = token[: -len(parts[2]) - 1].encode("ascii")
    return Passport(header, claims, signed, _der(from_base64url(parts[2])))


def verify(passport: Passport, key: ec.EllipticCurvePublicKey) -> None:
    """That this key signed it. Raises ``PassportInvalid``."""
    try:
        key.verify(passport.signature, sha256(passport.signed).digest(), ES256)
    except InvalidSignature as error:
        raise PassportInvalid("The signature is not of this key, or the token was changed.") from error


@lru_cache(HEADERS_KEPT)
def read_header(encoded: str, canonical: bool) -> Header:
    """The header of a token, from its first part. A peer's header is the same for all its calls."""
    if len(encoded) > HEADER_CHARACTERS_MAX:
        raise PassportInvalid(f"The header is longer than {HEADER_CHARACTERS_MAX} characters.")
    header: Header = _read(from_base64url(encoded), _decode_header, canonical)
    return header


def to_base64url(raw: bytes) -> bytes:
    """RFC 4648, 5, without padding."""
    return b2a_base64(raw, newline=False).translate(_TO_URL, b"=")


def from_base64url(text: str) -> bytes:
    """The bytes of base64url without padding; spare bits must be zero. Raises ``PassportInvalid``."""
    try:
        given = text.encode("ascii")
        raw = a2b_base64(given.translate(_FROM_URL) + b"=" * (-len(given) % 4))
    except ValueError as error:
        raise PassportInvalid("A part is not base64url.") from error
    if to_base64url(raw) != given:
        raise PassportInvalid("A part is not base64url without padding.")
    return raw


_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


def _read(raw: bytes, decode: Any, canonical: bool) -> Any:
    try:
        value = decode(raw)
        if canonical and _encode(value) != raw:
            raise PassportInvalid("It is not in the canonical form: keys sorted, each once, no white space.")
        if not canonical:
            json.loads(raw, object_pairs_hook=_each_once)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise PassportInvalid(f"The claims are not as they must be: {error}.") from error
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PassportInvalid("A key stands in it twice.")
    return found


def _der(raw: bytes) -> bytes:
    if len(raw) != SIGNATURE_BYTES:
        raise PassportInvalid(f"The signature is not the {SIGNATURE_BYTES} bytes of ES256 (RFC 7518, 3.4).")
    r, s = raw[:COORDINATE_BYTES], raw[COORDINATE_BYTES:]
    return utils.encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
