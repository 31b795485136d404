"""A test authority: root, intermediate and leaf certificates, right or wrong in any one respect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from compliance.stir import tn_auth_list
from compliance.stir.tn_auth_list import TnAuthList

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
SPC = "1234"
X5U = "https://certs.example.com/shaken/1234.pem"
Extension = tuple[x509.ExtensionType, bool]


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )

    @property
    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


def new_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve or ec.SECP256R1())


def issue(
    name: str,
    issuer: Issued | None = None,
    *,
    ca: bool,
    path_length: int | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
    public_key: object = None,
    starts: datetime = NOW - timedelta(days=1),
    ends: datetime = NOW + timedelta(days=90),
    signs_certificates: bool | None = None,
    signs_data: bool | None = None,
    algorithm: hashes.HashAlgorithm | None = None,
    constraints: bool = True,
    usage: bool = True,
    authority_key: bytes | None = None,
    extra: Sequence[Extension] = (),
) -> Issued:
    """A certificate; without ``issuer`` it signs itself. What is not said is as ATIS-1000080 wants it."""
    key = key or new_key()
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    signing, issuer_name = (issuer.key, issuer.certificate.subject) if issuer else (key, subject)
    own = public_key or key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(own)
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), False)
    )
    identifier = authority_key or x509.SubjectKeyIdentifier.from_public_key(signing.public_key()).digest
    builder = builder.add_extension(x509.AuthorityKeyIdentifier(identifier, None, None), False)
    if constraints:
        builder = builder.add_extension(x509.BasicConstraints(ca, path_length), True)
    if usage:
        certs = ca if signs_certificates is None else signs_certificates
        data = not ca if signs_data is None else signs_data
        flags = x509.KeyUsage(data, False, False, False, False, certs, certs, False, False)
        builder = builder.add_extension(flags, True)
    for value, critical in extra:
        builder = builder.add_extension(value, critical)
    return Issued(builder.sign(signing, algorithm or hashes.SHA256()), key)


def authorised_for(*spcs: str, der: bytes | None = None) -> Extension:
    """The TN Authorization List of a leaf."""
    content = der if der is not None else tn_auth_list.encode(TnAuthList(spcs))
    return x509.UnrecognizedExtension(tn_auth_list.OID, content), False


@dataclass(frozen=True)
class Authority:
    """A root and the intermediate that issues."""

    root: Issued
    intermediate: Issued

    @property
    def roots(self) -> list[x509.Certificate]:
        return [self.root.certificate]

    def leaf(self, spc: str = SPC, **changes: object) -> Issued:
        given = {"ca": False, "extra": [authorised_for(spc)], **changes}
        return issue(f"SHAKEN {spc}", self.intermediate, **given)

    def chain(self, leaf: Issued) -> bytes:
        return leaf.pem + self.intermediate.pem

    def answer(self, csr_pem: bytes, **changes: object) -> bytes:
        """The chain for a request, as an authority sends it."""
        csr = x509.load_pem_x509_csr(csr_pem)
        assert csr.is_signature_valid
        wanted = csr.extensions.get_extension_for_oid(tn_auth_list.OID).value
        given = {"ca": False, "extra": [(wanted, False)], "public_key": csr.public_key(), **changes}
        names = csr.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return self.chain(issue(str(names[0].value), self.intermediate, **given))


def new_authority(
    starts: datetime = NOW - timedelta(days=1000), ends: datetime = NOW + timedelta(days=1000)
) -> Authority:
    root = issue("Test STI Root", ca=True, starts=starts, ends=ends)
    return Authority(
        root, issue("Test STI Issuing CA", root, ca=True, path_length=0, starts=starts, ends=ends)
    )
