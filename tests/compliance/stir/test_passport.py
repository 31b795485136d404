"""PASSporTs are written in the canonical form and read in no other."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from compliance.stir import passport
from compliance.stir.passport import Called, Caller, PassportInvalid, Rcd, Rich, Shaken, parse, verify

from .authority import X5U, new_key
from .tokens import CLAIMS, HEADER, IAT, ORIGID, b64, canonical, shaken, token

pytestmark = pytest.mark.unit
KEY = new_key()
OURS = Shaken("A", Called(("13125550199",)), IAT, Caller("12025550123"), ORIGID)


def sign(claims: passport.Claims, ppt: str = "shaken") -> str:
    return passport.sign(passport.encode_header(ppt, X5U), claims, KEY).decode()


def parts(text: str) -> list[bytes]:
    return [passport.from_base64url(part) for part in text.split(".")]


def test_the_bytes_are_those_of_the_standard() -> None:
    header, payload, signature = parts(sign(OURS))
    assert header == f'{{"alg":"ES256","ppt":"shaken","typ":"passport","x5u":"{X5U}"}}'.encode()
    assert payload == (
        b'{"attest":"A","dest":{"tn":["13125550199"]},"iat":%d,"orig":{"tn":"12025550123"},"origid":"%s"}'
        % (IAT, ORIGID.encode())
    )
    assert len(signature) == 64


def test_what_is_signed_is_what_is_read() -> None:
    found = parse(sign(OURS))
    verify(found, KEY.public_key())
    assert found.claims == OURS
    assert found.header.x5u == X5U


def test_a_token_made_apart_reads_alike() -> None:
    found = parse(shaken(KEY))
    verify(found, KEY.public_key())
    assert found.claims == OURS


def test_signatures_whose_numbers_are_short_keep_their_64_bytes() -> None:
    """Every 128th r or s begins with a zero byte."""
    for iat in range(IAT, IAT + 600):
        claims = Shaken("A", OURS.dest, iat, OURS.orig, ORIGID)
        verify(parse(sign(claims)), KEY.public_key())


def test_names_are_signed_as_utf_8_and_not_as_escapes() -> None:
    text = sign(Rcd(OURS.dest, IAT, OURS.orig, Rich('Crème "brûlée" GmbH')), "rcd")
    payload = parts(text)[1]
    assert "Crème".encode() in payload
    assert payload == canonical(json.loads(payload))
    assert parse(text).claims.rcd.nam == 'Crème "brûlée" GmbH'


def test_another_key_did_not_sign_it() -> None:
    with pytest.raises(PassportInvalid, match="not of this key"):
        verify(parse(sign(OURS)), new_key().public_key())


def reordered(key: ec.EllipticCurvePrivateKey) -> str:
    return token(key, canonical(HEADER), json.dumps(dict(reversed(CLAIMS.items()))).replace(" ", "").encode())


def spaced(key: ec.EllipticCurvePrivateKey) -> str:
    return token(key, canonical(HEADER), json.dumps(CLAIMS).encode())


def header_reordered(key: ec.EllipticCurvePrivateKey) -> str:
    header = {name: HEADER[name] for name in ("typ", "alg", "ppt", "x5u")}
    return token(key, json.dumps(header, separators=(",", ":")).encode(), canonical(CLAIMS))


def escaped(key: ec.EllipticCurvePrivateKey) -> str:
    return token(key, canonical(HEADER), canonical(CLAIMS).replace(b'"A"', b'"\\u0041"'))


@pytest.mark.parametrize("make", [reordered, spaced, header_reordered, escaped])
def test_other_forms_of_the_same_claims_are_refused_unless_a_peer_is_known_to_write_them(
    make: Callable[[ec.EllipticCurvePrivateKey], str],
) -> None:
    text = make(KEY)
    with pytest.raises(PassportInvalid, match="canonical"):
        parse(text)
    found = parse(text, canonical=False)
    verify(found, KEY.public_key())
    assert found.claims == OURS


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        (b'"iat":', b'"iat":1,"iat":'),
        (b'{"tn":"12025550123"}', b'{"tn":"12025550123","tn":"12025550123"}'),
        (b'"attest":"A"', b'"attest":"C","attest":"A"'),
    ],
)
def test_a_key_that_stands_twice_is_refused(change: tuple[bytes, bytes], lenient: bool) -> None:
    with pytest.raises(PassportInvalid):
        parse(token(KEY, canonical(HEADER), canonical(CLAIMS).replace(*change)), canonical=not lenient)


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(
    "claims",
    [
        {"iat": str(IAT)},
        {"iat": float(IAT)},
        {"iat": True},
        {"iat": None},
        {"iat": -1},
        {"iat": 10**30},
        {"dest": {"tn": "13125550199"}},
        {"dest": {"tn": []}},
        {"dest": {"tn": ["13125550199"] * 11}},
        {"dest": {"tn": ["+13125550199"]}},
        {"dest": {"uri": ["sip:alice@example.com"]}},
        {"dest": {"tn": ["13125550199"], "uri": []}},
        {"orig": {"tn": ["12025550123"]}},
        {"orig": {"tn": 12025550123}},
        {"orig": {"tn": "1202555012\u0663"}},
        {"orig": {"tn": "12025550123\n"}},
        {"orig": {"tn": ""}},
        {"orig": "12025550123"},
        {"attest": "D"},
        {"attest": "a"},
        {"attest": ""},
        {"origid": "ref"},
        {"origid": ORIGID + "\n"},
        {"origid": 1},
        {"mky": []},
        {"exp": IAT},
    ],
)
def test_claims_of_other_shapes_are_refused(claims: dict, lenient: bool) -> None:
    with pytest.raises(PassportInvalid):
        parse(shaken(KEY, **claims), canonical=not lenient)


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_no_claim_may_be_missing(claim: str) -> None:
    left = {name: value for name, value in CLAIMS.items() if name != claim}
    with pytest.raises(PassportInvalid):
        parse(token(KEY, canonical(HEADER), canonical(left)))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES384"},
        {"alg": "es256"},
        {"ppt": "other"},
        {"ppt": "div"},
        {"ppt": 1},
        {"typ": "JWT"},
        {"x5u": 1},
        {"x5u": "x" * 600},
        {"kid": "1"},
        {"crit": ["x"]},
        {"jwk": {}},
    ],
)
def test_other_headers_are_refused(header: dict) -> None:
    with pytest.raises(PassportInvalid):
        parse(shaken(KEY, header))


@pytest.mark.parametrize("name", sorted(HEADER))
def test_no_field_of_the_header_may_be_missing(name: str) -> None:
    left = {key: value for key, value in HEADER.items() if key != name}
    with pytest.raises(PassportInvalid):
        parse(token(KEY, canonical(left), canonical(CLAIMS)))


def test_a_signature_as_der_is_refused() -> None:
    signed = shaken(KEY).rpartition(".")[0]
    der = KEY.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(PassportInvalid, match="64 bytes"):
        parse(f"{signed}.{b64(der)}")


@pytest.mark.parametrize("raw", [bytes(64), b"\xff" * 64], ids=["zeros", "ones"])
def test_impossible_signatures_are_refused(raw: bytes) -> None:
    """Of r = s = 0 came a well-known forgery (CVE-2022-21449)."""
    with pytest.raises(PassportInvalid):
        verify(parse(f"{shaken(KEY).rpartition('.')[0]}.{b64(raw)}"), KEY.public_key())


@pytest.mark.parametrize(
    "break_it",
    [
        lambda text: text.replace(".", "=.", 1),
        lambda text: text + "=",
        lambda text: text.replace(".", " .", 1),
        lambda text: text.replace(".", "\n.", 1),
        lambda text: "é" + text,
        lambda text: text + ".",
        lambda text: text.replace(".", "..", 1),
        lambda text: text.rpartition(".")[0],
        lambda text: text.partition(".")[2],
        lambda text: ".." + text.rpartition(".")[2],
        lambda text: "",
        lambda text: ".." ,
        lambda text: text + "A" * 5000,
        lambda text: text[:10] + "+" + text[11:],
    ],
)  # fmt: skip
def test_what_is_not_three_parts_of_base64url_is_refused(break_it: Callable[[str], str]) -> None:
    with pytest.raises(PassportInvalid):
        parse(break_it(shaken(KEY)))


def test_spare_bits_of_the_last_letter_must_be_zero() -> None:
    """Else one signature could be written in several ways."""
    text = sign(OURS)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(text[-1]) ^ 1]
    with pytest.raises(PassportInvalid, match="without padding"):
        parse(text[:-1] + other)


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"[]", b"1", b'"x"', b"{}", b"\xff\xfe", b"[" * 2000, b'{"a":' * 600, b"\xef\xbb\xbf{}"],
    ids=repr,
)
@pytest.mark.parametrize("lenient", [False, True])
def test_what_is_no_object_of_claims_is_refused(payload: bytes, lenient: bool) -> None:
    with pytest.raises(PassportInvalid):
        parse(token(KEY, canonical(HEADER), payload[:2500]), canonical=not lenient)


def test_no_header_is_made_of_an_address_that_cannot_stand_in_one() -> None:
    with pytest.raises(PassportInvalid):
        passport.encode_header("shaken", "x" * 600)
