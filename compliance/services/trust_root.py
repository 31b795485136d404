"""Trust the root of an authority, or trust it no longer."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from accounts.services.record_audit import record_audit

from ..models import TrustedRoot
from ..stir.chains import ChainInvalid, check_root, common_name, fingerprint, read_certificates, to_pem

ROOTS_MAX = 100
"""The policy administrator's list has about a dozen."""


@transaction.atomic
def trust_roots(organisation: Organisation, actor: User | str, pem: str, now: datetime) -> list[TrustedRoot]:
    """Trust every certificate of a PEM text; those trusted already stay. Gives the new ones.

    Raises ``ValidationError`` and trusts nothing where one of them is no root that SHAKEN takes.
    """
    try:
        certificates = read_certificates(pem.encode(), ROOTS_MAX)
        for certificate in certificates:
            check_root(certificate, now)
    except ChainInvalid as error:
        raise ValidationError({"pem": error.why}) from error
    known = set(organisation.trusted_roots.values_list("fingerprint", flat=True))
    fresh = {fingerprint(each): each for each in certificates if fingerprint(each) not in known}
    made = [
        TrustedRoot(
            organisation=organisation,
            name=common_name(certificate)[:120] or digest[:16],
            pem=to_pem(certificate),
            fingerprint=digest,
            not_after=certificate.not_valid_after_utc,
            created_by=actor.username if isinstance(actor, User) else actor,
        )
        for digest, certificate in fresh.items()
    ]
    TrustedRoot.objects.bulk_create(made)
    for root in made:
        record_audit(organisation, actor, "root.trusted", root.name, {}, {"fingerprint": root.fingerprint})
    return made


@transaction.atomic
def distrust_root(root: TrustedRoot, actor: User | str) -> None:
    """From now on no chain that leads to it is believed. Certificates installed under it go on signing."""
    record_audit(
        root.organisation, actor, "root.distrusted", root.name, {"fingerprint": root.fingerprint}, {}
    )
    root.delete()
