"""Whom an organisation believes that a signer is who it says: the roots of the policy administrator's list."""

from __future__ import annotations

from functools import lru_cache

from cryptography import x509

from ..models import TrustedRoot

PARSED_KEPT = 500


def trusted_roots(organisation_id: int) -> tuple[x509.Certificate, ...]:
    """The roots an organisation trusts at this moment; one query. An expired one is found out by the chain check."""
    rows = TrustedRoot.objects.filter(organisation=organisation_id)
    return tuple(_parsed(pem) for pem in rows.values_list("pem", flat=True))


@lru_cache(PARSED_KEPT)
def _parsed(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())
