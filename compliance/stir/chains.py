"""Whether a chain of certificates leads from a signer to an authority that we trust (ATIS-1000080, RFC 5280).

``cryptography`` builds the path: signatures, names, validity, CA bits, path lengths, unknown critical extensions.
What is particular to SHAKEN, P-256 alone and the leaf's TN Authorization List, is checked here on the path it found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import verification

from . import tn_auth_list
from .tn_auth_list import TnAuthList, TnAuthListInvalid, TnRange

CERTIFICATE_BYTES_MAX = 8 * 1024
"""Of one certificate in PEM; real ones have about one KB."""
CHAIN_LENGTH_MAX = 6
CHAIN_BYTES_MAX = CHAIN_LENGTH_MAX * CERTIFICATE_BYTES_MAX
INTERMEDIATES_MAX = 3
"""Between leaf and root; real chains have one."""
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----", re.ASCII)


MALFORMED = (
    *(ValueError, TypeError, OverflowError, UnsupportedAlgorithm),
    *(x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
)
"""What ``cryptography`` raises for certificates that are not what they should be."""


class ChainInvalid(Exception):
    """The chain proves nothing; ``why`` says it in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Leaf:
    """A signer's certificate whose chain has been checked."""

    public_key: ec.EllipticCurvePublicKey
    authorised: TnAuthList
    subject: str
    """Its common name."""
    fingerprint: str
    """SHA-256, hex."""
    not_before: datetime
    not_after: datetime
    policies: tuple[str, ...]
    """Object identifiers of the certificate policies that it was issued under."""
    authority: str
    """The common name of the root."""
    valid_until: datetime
    """When the first certificate of the path ends: until then the answer may be kept."""

    @property
    def spc(self) -> str:
        """The first service provider code, empty for a delegate's certificate."""
        return self.authorised.spcs[0] if self.authorised.spcs else ""

    @property
    def tn_ranges(self) -> tuple[TnRange, ...]:
        """The numbers it is limited to, where it names no provider."""
        return self.authorised.ranges

    def covers(self, number: str) -> bool:
        """Whether its holder may sign for the number (E.164)."""
        return self.authorised.covers(number)


def read_chain(pem_chain: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM text, leaf first. Raises ``ChainInvalid`` for anything else in it but white space."""
    return read_certificates(pem_chain, CHAIN_LENGTH_MAX)


def read_certificates(pem: bytes, count_max: int) -> list[x509.Certificate]:
    """Any certificates of a PEM text, at most so many. Raises ``ChainInvalid``."""
    limit = count_max * CERTIFICATE_BYTES_MAX
    if len(pem) > limit:
        raise ChainInvalid(f"The text is longer than {limit // 1024} KB.")
    blocks = PEM.findall(pem)
    if not blocks or PEM.sub(b"", pem).strip():
        raise ChainInvalid("These are no PEM certificates, each between BEGIN and END CERTIFICATE.")
    if len(blocks) > count_max:
        raise ChainInvalid(f"There are more than {count_max} certificates.")
    try:
        return [x509.load_pem_x509_certificate(block) for block in blocks]
    except MALFORMED as error:
        raise ChainInvalid("A certificate cannot be read.") from error


def check_chain(pem_chain: bytes, roots: Sequence[x509.Certificate], now: datetime) -> Leaf:
    """The leaf of a chain that leads to one of the roots at ``now`` (aware). Raises ``ChainInvalid``."""
    leaf, *others = read_chain(pem_chain)
    if not roots:
        raise ChainInvalid("No authority is trusted yet: add the roots of the policy administrator's list.")
    try:
        path = _path(leaf, others, roots, now)
        for certificate in path:
            _check_profile(certificate)
        return _leaf(path)
    except ChainInvalid:
        raise
    except MALFORMED as error:
        raise ChainInvalid("A certificate of the chain is not well formed.") from error


def check_root(certificate: x509.Certificate, now: datetime) -> None:
    """That a certificate may be trusted as an authority's root. Raises ``ChainInvalid``."""
    try:
        _check_profile(certificate)
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        certificate.verify_directly_issued_by(certificate)
    except (*MALFORMED, InvalidSignature, x509.ExtensionNotFound) as error:
        raise ChainInvalid(f"“{common_name(certificate)}” is no root of an authority.") from error
    if not (constraints.ca and usage.key_cert_sign):
        raise ChainInvalid(f"“{common_name(certificate)}” is no root of an authority.")
    if now > certificate.not_valid_after_utc:
        raise ChainInvalid(
            f"“{common_name(certificate)}” ended on {certificate.not_valid_after_utc:%Y-%m-%d}."
        )


def _path(
    leaf: x509.Certificate, others: list[x509.Certificate], roots: Sequence[x509.Certificate], now: datetime
) -> list[x509.Certificate]:
    """From the leaf to the root."""
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store(list(roots)))
        .time(now)
        .max_chain_depth(INTERMEDIATES_MAX)
        .extension_policies(ca_policy=_authority_policy(), ee_policy=_leaf_policy())
        .build_client_verifier()
    )
    try:
        return verifier.verify(leaf, others).chain
    except verification.VerificationError as error:
        raise ChainInvalid(_in_words(leaf, others, now, error)) from error


def _authority_policy() -> verification.ExtensionPolicy:
    return (
        verification.ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, verification.Criticality.CRITICAL, None)
        .require_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _signs_certificates)
    )


def _leaf_policy() -> verification.ExtensionPolicy:
    return (
        verification.ExtensionPolicy.permit_all()
        .may_be_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, _is_no_authority)
        .require_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _signs_data)
    )


def _signs_certificates(_: verification.Policy, __: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.key_cert_sign:
        raise ValueError("An authority's certificate may not sign certificates.")


def _is_no_authority(
    _: verification.Policy, __: x509.Certificate, constraints: x509.BasicConstraints | None
) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError("The signer's certificate is one of an authority.")


def _signs_data(_: verification.Policy, __: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.digital_signature or usage.key_cert_sign:
        raise ValueError("The signer's certificate is not for digital signatures.")


def _check_profile(certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    if not (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise ChainInvalid(f"The key of “{common_name(certificate)}” is not on the curve P-256.")
    if certificate.signature_algorithm_oid != x509.SignatureAlgorithmOID.ECDSA_WITH_SHA256:
        raise ChainInvalid(f"The certificate of “{common_name(certificate)}” is not signed with ES256.")
    # The library passes over unused bits that a BIT STRING claims: the same certificate in other bytes.
    if not certificate.public_bytes(serialization.Encoding.DER).endswith(b"\x00" + certificate.signature):
        raise ChainInvalid(f"The signature of “{common_name(certificate)}” is not in its DER form.")


def _leaf(path: list[x509.Certificate]) -> Leaf:
    certificate, *authorities = path
    if not authorities:
        raise ChainInvalid("The signer's certificate is itself among the trusted roots.")
    for issued, issuer in zip(path, authorities, strict=False):
        _check_identifiers(issued, issuer)
    if any(_tn_auth_list(each) for each in authorities):
        raise ChainInvalid(
            "An authority of the chain is limited to some numbers: such delegation is not taken."
        )
    authorised = _tn_auth_list(certificate)
    if authorised is None:
        raise ChainInvalid("The signer's certificate has no TN Authorization List.")
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return Leaf(
        public_key=key,
        authorised=authorised,
        subject=common_name(certificate),
        fingerprint=fingerprint(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        policies=_policies(certificate),
        authority=common_name(authorities[-1]),
        valid_until=min(each.not_valid_after_utc for each in path),
    )


def _check_identifiers(issued: x509.Certificate, issuer: x509.Certificate) -> None:
    """The key that a certificate says it was signed with is the issuer's, where both say so (RFC 5280, 4.2.1.1)."""
    try:
        asked = issued.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return
    if asked is not None and asked != own:
        raise ChainInvalid(
            f"“{common_name(issued)}” names another key of its authority than the chain shows."
        )


def _tn_auth_list(certificate: x509.Certificate) -> TnAuthList | None:
    try:
        value = certificate.extensions.get_extension_for_oid(tn_auth_list.OID).value
    except x509.ExtensionNotFound:
        return None
    assert isinstance(value, x509.UnrecognizedExtension)
    try:
        return tn_auth_list.decode(value.value)
    except TnAuthListInvalid as error:
        raise ChainInvalid(str(error)) from error


def _policies(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(policy.policy_identifier.dotted_string for policy in found)


def common_name(certificate: x509.Certificate) -> str:
    """The subject's common name, empty where it has none."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def to_pem(certificate: x509.Certificate) -> str:
    """The certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _in_words(
    leaf: x509.Certificate,
    others: list[x509.Certificate],
    now: datetime,
    error: verification.VerificationError,
) -> str:
    for certificate in (leaf, *others):
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            return f"“{common_name(certificate)}” is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d} only."
    said = str(error).partition(" (encountered processing")[0].removeprefix("validation failed: ")
    if "ValueError: " in said:
        return said.rpartition("ValueError: ")[2]
    return f"The chain does not lead to a trusted authority: {said}."
