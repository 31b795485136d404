"""Take in the chain that an authority gave for a request."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.sealing import SealBroken
from accounts.services.record_audit import record_audit

from ..models import Certificate
from ..stir.authorities import trusted_roots
from ..stir.certificates import open_key
from ..stir.chains import ChainInvalid, Leaf, check_chain
from ..stir.x5u import X5uInvalid, parse_x5u
from .use_certificate import use_certificate


@transaction.atomic
def install_certificate(
    certificate: Certificate, actor: User | str, *, chain: str, x5u: str, now: datetime
) -> Certificate:
    """Keep the chain if it proves this very key, and where verifiers fetch it.

    The first certificate of a signer signs from now on; a later one waits for ``use_certificate``. Raises
    ``ValidationError`` and keeps nothing where any check fails.
    """
    rows = Certificate.objects.select_related("signer__organisation").select_for_update(of=("self",))
    certificate = rows.get(pk=certificate.pk)
    if certificate.chain or certificate.retired_at:
        raise ValidationError("This request has been answered already. Make a new request.")
    leaf = _checked(certificate, chain, now)
    certificate.chain, certificate.x5u = chain.strip() + "\n", _checked_address(x5u)
    certificate.fingerprint = leaf.fingerprint
    certificate.not_before, certificate.not_after = leaf.not_before, leaf.not_after
    certificate.full_clean()
    certificate.save()
    after = {"fingerprint": leaf.fingerprint, "authority": leaf.authority, "x5u": certificate.x5u}
    signer = certificate.signer
    record_audit(signer.organisation, actor, "certificate.installed", signer.name, {}, after)
    if not signer.certificates.filter(in_use=True).exists():
        use_certificate(certificate, actor, now)
    return certificate


def _checked(certificate: Certificate, chain: str, now: datetime) -> Leaf:
    try:
        leaf = check_chain(chain.encode(), trusted_roots(certificate.signer.organisation_id), now)
    except ChainInvalid as error:
        raise ValidationError({"chain": error.why}) from error
    if leaf.public_key != _own_key(certificate):
        raise ValidationError({"chain": "The certificate is for another key than this request's."})
    if certificate.spc not in leaf.authorised.spcs:
        given = ", ".join(leaf.authorised.spcs) or "numbers alone"
        raise ValidationError({"chain": f"The certificate is for {given}, not for {certificate.spc}."})
    return leaf


def _own_key(certificate: Certificate) -> EllipticCurvePublicKey:
    try:
        return open_key(certificate.key_sealed).public_key()
    except SealBroken as error:
        raise ValidationError(f"{error} Restore that key, or make a new request.") from error


def _checked_address(x5u: str) -> str:
    try:
        parse_x5u(x5u.strip())
    except X5uInvalid as error:
        raise ValidationError({"x5u": str(error)}) from error
    return x5u.strip()
