"""Tokens that others published: what verifies, and what of it a strict reader does not take."""

from __future__ import annotations

import json

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from compliance.stir.passport import PassportInvalid, from_base64url, parse

from .authority import new_key
from .tokens import b64, canonical, token

pytestmark = pytest.mark.unit

RFC_8225_KEY = load_pem_private_key(
    b"""-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIFeZ1R208QCvcu5GuYyMfG4W7sH4m99/7eHSDLpdYllFoAoGCCqGSM49
AwEHoUQDQgAE8HNbQd/TmvCKwPKHkMF9fScavGeH78YTU8qLS8I5HLHSSmlATLcs
lQMhNC/OhlWBYC626nIlo7XeebYS7Sb37g==
-----END EC PRIVATE KEY-----
""",
    None,
)
"""Appendix A.1."""
DRAFT_TOKEN = (
    "eyJ0eXAiOiJwYXNzcG9ydCIsImFsZyI6IkVTMjU2IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9"
    ".eyJpYXQiOiIxNDQzMjA4MzQ1Iiwib3JpZyI6eyJ0biI6IjEyMTU1NTUxMjEyIn0sImRlc3QiOnsidXJpIjoic2lwOmFsaWNlQGV4YW1wbG"
    "UuY29tIn19"
    ".2bbTbLeDIf52Vv0yESUqebUBYrKIuouOfKQME6MD9kfgZ59dMAvvrIC94XsKdzV03evDS8wd6CubUqSalM7Dpg"
)
"""An early draft of RFC 8225, before the canonical form."""
LATER_DRAFT_TOKEN = (
    "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9"
    ".eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6IjE0NDMyMDgzNDUiLCJvcmlnIjp7InRuIjoiMTIxNTU1"
    "NTEyMTIifX0"
    ".rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F1VOgFWSjHBr8Qjpjlk-cpFYpFYsojNCpTzO3QfPOlckGaS6hEck7w"
)
"""A later draft: in the canonical form, but iat is a string."""
FINAL_HEADER = (
    "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9"
)
FINAL_PAYLOAD = (
    "eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6MTQ3MTM3NTQxOCwib3JpZyI6eyJ0biI6IjEyMTU1NTUxMjEy"
    "In19"
)
FINAL_SIGNATURE = "VLBCIVDCaeK6M4hLJb6SHQvacAQVvoiiEOWQ_iUkqk79UD81fHQ0E1b3_GluIkba7UWYRM47ZbNFdOJquE35cw"
"""RFC 8225, appendix A, as published."""

LIBSTIRSHAKEN_TOKEN = (
    "eyJhbGciOiJFUzI1NiIsInBwdCI6InNoYWtlbiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cDovL3NoYWtlbi5zaWduYWx3aXJlLmNsb3Vk"
    "L3NwLnBlbSJ9"
    ".eyJhdHRlc3QiOiJBIiwiZGVzdCI6IntcInRuXCI6XCIwMTI1NjUwMDYwMFwifSIsImlhdCI6MTYwMzQ1ODEzMSwib3JpZyI6IntcInRuXCI6XCIw"
    "MTI1Njc4OTk5OVwifSIsIm9yaWdpZCI6InJlZiJ9"
    ".G_6hnwPGAeUalviElXbxl4kKR5qenib6fRrCP-cgwKN2hMsSTXYjIFEhl_VqmeTB8dk9fidroDlFe8dPdyPy3g"
)
"""The reference PASSporT of libstirshaken's tests (MIT): orig and dest are strings that hold JSON."""
LIBSTIRSHAKEN_CERTIFICATE = x509.load_pem_x509_certificate(
    b"""-----BEGIN CERTIFICATE-----
MIICBzCCAa2gAwIBAgIBATAKBggqhkjOPQQDAjAuMQswCQYDVQQGEwJVUzEfMB0G
A1UEAwwWU2lnbmFsV2lyZSBTVEktQ0EgVGVzdDAeFw0yMDEwMjIyMjE0MzhaFw00
ODAzMDgyMjE0MzhaMC4xCzAJBgNVBAYTAlVTMR8wHQYDVQQDDBZTaWduYWxXaXJl
IFNUSS1TUCBUZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEV9UoHnzedLPO
YsEZzePF2TU//V1WvMfnDzQSjKlHsGEh4gaFROB1DonrO5/zSrGcTqH8eEGKUMeN
/yb3dsdsKaOBuzCBuDAdBgNVHQ4EFgQUJ3VMh19TxUy7+Hj6OtvBVO4L1VEwHwYD
VR0jBBgwFoAUFHxMJ2mAvB7OJ3RYuUspH4fqZZ4wNQYJYIZIAYb4QgENBCgWJkFs
d2F5cyBsb29rIG9uIHRoZSBicmlnaHQgc2lkZSBvZiBsaWZlMD8GCCsGAQUFBwEa
BDMWMWNhLnNoYWtlbi5zaWduYWx3aXJlLmNsb3VkL3N0aS1jYS9hY21lL1ROQXV0
aExpc3QwCgYIKoZIzj0EAwIDSAAwRQIgEWkGLneteKCsmeD/rwnUnZO2MbVlRd53
520USulfRl8CIQC3CAiAQ727sAtvnbsdeinWbwT0URgXvlT00bjm9PVFwQ==
-----END CERTIFICATE-----
"""
)


def verifies(text: str, key: ec.EllipticCurvePublicKey) -> bool:
    signed, _, signature = text.rpartition(".")
    raw = from_base64url(signature)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        key.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("text", [DRAFT_TOKEN, LATER_DRAFT_TOKEN])
def test_the_drafts_tokens_verify_with_the_rfcs_key_and_are_not_taken(text: str) -> None:
    assert verifies(text, RFC_8225_KEY.public_key())
    with pytest.raises(PassportInvalid):
        parse(text)


def test_the_rfcs_final_token_is_canonical_but_its_printed_signature_is_of_another_key() -> None:
    for part in (FINAL_HEADER, FINAL_PAYLOAD):
        raw = from_base64url(part)
        assert raw == canonical(json.loads(raw))
        assert b64(raw) == part
    assert not verifies(f"{FINAL_HEADER}.{FINAL_PAYLOAD}.{FINAL_SIGNATURE}", RFC_8225_KEY.public_key())


def test_the_example_of_rfc_8588_is_refused_for_its_iat_is_a_string() -> None:
    """Erratum 6656; with a number it is taken."""
    header = {
        "alg": "ES256", "typ": "passport", "ppt": "shaken", "x5u": "https://cert.example.org/passport.cer",
    }  # fmt: skip
    claims = {
        "attest": "A",
        "dest": {"tn": ["12155550131"]},
        "iat": "1443208345",
        "orig": {"tn": "12155550121"},
        "origid": "123e4567-e89b-12d3-a456-426655440000",
    }
    key = new_key()
    with pytest.raises(PassportInvalid, match=r"iat"):
        parse(token(key, canonical(header), canonical(claims)))
    claims["iat"] = int(claims["iat"])
    assert parse(token(key, canonical(header), canonical(claims))).claims.origid == claims["origid"]


@pytest.mark.parametrize("canonical_only", [True, False])
def test_the_reference_token_of_libstirshaken_verifies_and_is_not_taken(canonical_only: bool) -> None:
    key = LIBSTIRSHAKEN_CERTIFICATE.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert verifies(LIBSTIRSHAKEN_TOKEN, key)
    with pytest.raises(PassportInvalid, match="dest"):
        parse(LIBSTIRSHAKEN_TOKEN, canonical_only)
