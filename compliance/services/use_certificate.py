"""Let another certificate sign."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..models import Certificate
from ..stir.signers import forget_signers


@transaction.atomic
def use_certificate(certificate: Certificate, actor: User | str, now: datetime) -> None:
    """This one signs from now on; the one before is kept until it is retired, for what it signed is still under way.

    Every process that signs notices before its next call. Raises ``ValidationError`` for one that is not installed,
    retired or out of its time.
    """
    _check(certificate, now)
    others = Certificate.objects.filter(signer=certificate.signer_id, in_use=True).exclude(pk=certificate.pk)
    others.update(in_use=False, replaced_at=now)
    able = Certificate.objects.filter(pk=certificate.pk, retired_at=None, in_use=False).exclude(chain="")
    if not able.update(in_use=True, replaced_at=None):
        raise ValidationError("This certificate is in use already, or was retired meanwhile.")
    certificate.refresh_from_db()
    transaction.on_commit(forget_signers)
    signer = certificate.signer
    after = {"fingerprint": certificate.fingerprint}
    record_audit(signer.organisation, actor, "certificate.used", signer.name, {}, after)


def _check(certificate: Certificate, now: datetime) -> None:
    if certificate.not_before is None or certificate.not_after is None:
        raise ValidationError("Install the authority's answer first.")
    if not certificate.not_before <= now < certificate.not_after:
        raise ValidationError("This certificate is not valid now. Request a new one.")
