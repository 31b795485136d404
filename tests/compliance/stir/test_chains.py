"""A chain proves what it should, and any one flaw in it is found."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from compliance.stir.chains import ChainInvalid, check_chain, read_chain
from compliance.stir.tn_auth_list import TnAuthList, TnRange, encode

from .authority import NOW, SPC, Authority, authorised_for, issue, new_authority, new_key

pytestmark = pytest.mark.unit
DAY = timedelta(days=1)
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")
POLICY = x509.ObjectIdentifier("2.16.840.1.114569.1.1.3")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority()


def refused(authority: Authority, chain: bytes, roots=None, now=NOW) -> str:
    with pytest.raises(ChainInvalid) as raised:
        check_chain(chain, authority.roots if roots is None else roots, now)
    return raised.value.why


def test_a_chain_to_a_trusted_root_gives_the_signer(authority):
    policies = x509.CertificatePolicies([x509.PolicyInformation(POLICY, None)])
    made = authority.leaf(extra=[authorised_for(SPC), (policies, False)])
    leaf = check_chain(authority.chain(made), authority.roots, NOW)
    assert leaf.spc == SPC
    assert leaf.subject == "SHAKEN 1234"
    assert leaf.authority == "Test STI Root"
    assert leaf.public_key == made.key.public_key()
    assert leaf.policies == (POLICY.dotted_string,)
    assert leaf.valid_until == leaf.not_after == NOW + 90 * DAY
    assert leaf.covers("+12025550100")


def test_the_root_may_come_with_the_chain_in_any_order(authority):
    made = authority.leaf()
    assert check_chain(made.pem + authority.root.pem + authority.intermediate.pem, authority.roots, NOW)


def test_the_answer_may_be_kept_no_longer_than_the_first_certificate_lasts():
    short = new_authority(ends=NOW + 10 * DAY)
    assert check_chain(short.chain(short.leaf()), short.roots, NOW).valid_until == NOW + 10 * DAY


def test_a_root_that_comes_with_the_chain_alone_proves_nothing(authority):
    stranger = new_authority()
    chain = stranger.chain(stranger.leaf()) + stranger.root.pem
    assert "trusted authority" in refused(authority, chain)


def test_without_roots_nothing_is_proved(authority):
    assert "No authority is trusted yet" in refused(authority, authority.chain(authority.leaf()), roots=[])


def test_a_leaf_among_the_roots_proves_nothing(authority):
    made = authority.leaf()
    assert "itself" in refused(authority, made.pem, roots=[made.certificate])


def test_a_chain_with_a_gap_is_refused(authority):
    assert "trusted authority" in refused(authority, authority.leaf().pem)


@pytest.mark.parametrize("days", [-2, 91])
def test_a_leaf_out_of_its_time_is_refused_with_its_dates(authority, days):
    why = refused(authority, authority.chain(authority.leaf()), now=NOW + days * DAY)
    assert why == "“SHAKEN 1234” is valid from 2026-11-19 to 2027-02-18 only."


def test_an_intermediate_out_of_its_time_is_refused(authority):
    old = issue("Old CA", authority.root, ca=True, ends=NOW - DAY / 2)
    made = issue("SHAKEN 1234", old, ca=False, extra=[authorised_for(SPC)])
    assert "“Old CA” is valid" in refused(authority, made.pem + old.pem)


def test_a_root_out_of_its_time_is_refused():
    root = issue("Old Root", ca=True, ends=NOW - DAY / 2)
    between = issue("CA", root, ca=True)
    made = issue("SHAKEN 1234", between, ca=False, extra=[authorised_for(SPC)])
    old = Authority(root, between)
    assert refused(old, old.chain(made))


def test_a_signature_by_another_key_is_refused(authority):
    forged = issue(
        "SHAKEN 1234",
        type(authority.intermediate)(authority.intermediate.certificate, new_key()),
        ca=False,
        extra=[authorised_for(SPC)],
    )
    assert "signature does not match" in refused(authority, authority.chain(forged))


def test_a_chain_through_a_certificate_that_is_no_authority_is_refused(authority):
    between = authority.leaf()
    made = issue("SHAKEN 1234", between, ca=False, extra=[authorised_for(SPC)])
    assert refused(authority, made.pem + between.pem + authority.intermediate.pem)


def test_an_authority_that_may_not_sign_certificates_is_refused(authority):
    between = issue("CA", authority.root, ca=True, signs_certificates=False, signs_data=True)
    made = issue("SHAKEN 1234", between, ca=False, extra=[authorised_for(SPC)])
    assert "may not sign certificates" in refused(authority, made.pem + between.pem)


def test_more_authorities_than_the_path_length_allows_are_refused(authority):
    below = issue("Below", authority.intermediate, ca=True)
    made = issue("SHAKEN 1234", below, ca=False, extra=[authorised_for(SPC)])
    assert "path length" in refused(authority, made.pem + below.pem + authority.intermediate.pem)


def test_a_long_path_is_refused(authority):
    at, between = authority.root, b""
    for number in range(4):
        at = issue(f"CA {number}", at, ca=True)
        between += at.pem
    made = issue("SHAKEN 1234", at, ca=False, extra=[authorised_for(SPC)])
    assert refused(authority, made.pem + between)


WRONG_LEAVES = {
    "an authority": ({"ca": True}, "one of an authority"),
    "not for signatures": ({"signs_data": False}, "not for digital signatures"),
    "without key usage": ({"usage": False}, "trusted authority"),
    "on another curve": ({"key": new_key(ec.SECP384R1())}, "P-256"),
    "with an RSA key": ({"public_key": rsa.generate_private_key(65537, 2048).public_key()}, "P-256"),
    "signed with SHA-384": ({"algorithm": hashes.SHA384()}, "ES256"),
    "of another authority's key": ({"authority_key": b"k" * 20}, "another key"),
    "with an unknown critical extension": ({"extra": [authorised_for(SPC), (UNKNOWN, True)]}, "critical"),
    "without a TN Authorization List": ({"extra": []}, "no TN Authorization List"),
    "with a broken one": ({"extra": [authorised_for(der=b"\x30\x03\xa0\x01")]}, "ends too early"),
}


@pytest.mark.parametrize(("changes", "why"), WRONG_LEAVES.values(), ids=WRONG_LEAVES)
def test_a_leaf_with_a_flaw_is_refused(authority, changes, why):
    assert why in refused(authority, authority.chain(authority.leaf(**changes)))


def test_unknown_extensions_that_are_not_critical_do_no_harm(authority):
    made = authority.leaf(extra=[authorised_for(SPC), (UNKNOWN, False)])
    assert check_chain(authority.chain(made), authority.roots, NOW).spc == SPC


def test_an_authority_limited_to_numbers_is_refused(authority):
    between = issue("CA", authority.root, ca=True, extra=[authorised_for(SPC)])
    made = issue("SHAKEN 1234", between, ca=False, extra=[authorised_for(SPC)])
    assert "delegation" in refused(authority, made.pem + between.pem)


def test_a_certificate_for_numbers_covers_those_alone(authority):
    ranges = TnAuthList(ranges=(TnRange("12025550100", 100),))
    made = authority.leaf(extra=[authorised_for(der=encode(ranges))])
    leaf = check_chain(authority.chain(made), authority.roots, NOW)
    assert (leaf.spc, leaf.tn_ranges) == ("", ranges.ranges)
    assert leaf.covers("+12025550199")
    assert not leaf.covers("+12025550200")


@pytest.mark.parametrize(
    "chain",
    [
        b"",
        b"\x00" * 100,
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"x" * 1_000_000,
    ],
    ids=["empty", "zeros", "no certificate", "a key", "too long"],
)
def test_what_is_no_chain_is_refused(authority, chain):
    assert refused(authority, chain)


def test_text_beside_the_certificates_and_too_many_of_them_are_refused(authority):
    pem = authority.leaf().pem
    with pytest.raises(ChainInvalid, match="no PEM"):
        read_chain(b"hello\n" + pem)
    with pytest.raises(ChainInvalid, match="more than"):
        read_chain(pem * 7)


def test_any_flipped_byte_of_a_chain_is_refused(authority):
    made = authority.leaf()
    der = made.certificate.public_bytes(Encoding.DER)
    accepted = []
    for at in range(len(der)):
        broken = bytearray(der)
        broken[at] ^= 0x01
        pem = f"-----BEGIN CERTIFICATE-----\n{b64encode(broken).decode()}\n-----END CERTIFICATE-----\n"
        try:
            check_chain(pem.encode() + authority.intermediate.pem, authority.roots, NOW)
        except ChainInvalid:
            continue
        accepted.append(at)
    assert accepted == []
