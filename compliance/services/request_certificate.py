"""Make a key and ask for its certificate."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..choices import SignerKind
from ..models import Certificate, Signer
from ..stir.certificates import seal_key
from ..stir.requests import build_request, new_key
from ..stir.tn_auth_list import TnAuthListInvalid


@transaction.atomic
def request_certificate(signer: Signer, actor: User | str, spc: str) -> Certificate:
    """A new key, kept encrypted, with the request (CSR) to send to an authority.

    What signs now goes on signing. Raises ``ValidationError``.
    """
    if signer.kind != SignerKind.LOCAL:
        raise ValidationError("Only a signer with a key of our own has certificates.")
    spc = spc.strip().upper()
    key = new_key()
    try:
        csr = build_request(key, spc, signer.organisation.name, signer.organisation.country)
    except TnAuthListInvalid as error:
        raise ValidationError(
            {"spc": "Give the service provider code (OCN): up to ten letters and digits."}
        ) from error
    certificate = Certificate.objects.create(signer=signer, key_sealed=seal_key(key), spc=spc, csr=csr)
    record_audit(signer.organisation, actor, "certificate.requested", signer.name, {}, {"spc": spc})
    return certificate
