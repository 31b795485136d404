"""Requests for certificates (CSR): what a provider asks an authority for (ATIS-1000080, 6.3)."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import NameOID

from . import tn_auth_list
from .tn_auth_list import TnAuthList

ORGANISATION_LENGTH = 64
"""RFC 5280, appendix A: ub-organization-name."""


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key on P-256, the only curve of ES256."""
    return ec.generate_private_key(ec.SECP256R1())


def build_request(key: ec.EllipticCurvePrivateKey, spc: str, organisation: str, country: str) -> str:
    """The request as PEM: CN ``SHAKEN <SPC>`` and the TN Authorization List with the service provider code.

    Raises ``TnAuthListInvalid`` for a code that cannot be one.
    """
    listed = tn_auth_list.encode(TnAuthList((spc,)))
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:ORGANISATION_LENGTH]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"SHAKEN {spc}"),
        ]
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    extension = x509.UnrecognizedExtension(tn_auth_list.OID, listed)
    request = builder.add_extension(extension, critical=False).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()
