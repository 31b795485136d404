"""Signers and their certificates as the tests of signing need them."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Organisation
from compliance.choices import SignerKind
from compliance.models import Certificate, Signer
from compliance.services.install_certificate import install_certificate
from compliance.services.request_certificate import request_certificate
from compliance.services.save_signer import save_signer
from compliance.services.trust_root import trust_roots

from .authority import NOW, SPC, X5U, Authority

WHO = "ada"


def local_signer(organisation: Organisation, name: str = "Own key") -> Signer:
    """A signer with a key of our own, as yet without a certificate."""
    return save_signer(Signer(organisation=organisation, kind=SignerKind.LOCAL), WHO, name=name)


def trust(organisation: Organisation, authority: Authority, now: datetime = NOW) -> None:
    """Let the organisation trust the test authority."""
    trust_roots(organisation, WHO, authority.root.pem.decode(), now)


def certify(
    signer: Signer, authority: Authority, now: datetime = NOW, x5u: str = X5U, **changes: object
) -> Certificate:
    """A certificate requested and installed; ``changes`` are of the leaf."""
    requested = request_certificate(signer, WHO, SPC)
    chain = authority.answer(requested.csr.encode(), **changes).decode()
    return install_certificate(requested, WHO, chain=chain, x5u=x5u, now=now)
