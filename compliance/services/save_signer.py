"""Make a signer or change it."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.sealing import seal
from accounts.services.record_audit import record_audit

from ..choices import Attestation, SignerKind
from ..models import Signer
from ..stir.signers import forget_signers
from ..stir.tokens import TOKEN_USE
from ..stir.web import AddressInvalid, check_address

TOKEN_LENGTH = 2000
FACTS = ("name", "kind", "url", "highest", "signs_name", "active")


@transaction.atomic
def save_signer(
    signer: Signer,
    actor: User | str,
    *,
    name: str,
    url: str = "",
    token: str | None = None,
    highest: str = Attestation.A,
    signs_name: bool = False,
    active: bool = True,
) -> Signer:
    """Write it. ``signer`` is stored, or new with organisation and kind set; a new one gets its ``origid``.

    ``token`` None leaves the stored one, empty takes it away; it is kept encrypted and never shown. Raises
    ``ValidationError``, also where trunks still use a signer that is to be switched off.
    """
    before = _facts(Signer.objects.get(pk=signer.pk)) if signer.pk else {}
    signer.name, signer.url, signer.active = name.strip(), url.strip(), active
    signer.highest, signer.signs_name = highest, signs_name
    signer.origid = signer.origid or str(uuid.uuid4())
    if token is not None:
        signer.token_sealed = seal(_checked_token(token), TOKEN_USE) if token else ""
    _check(signer)
    signer.full_clean()
    signer.save()
    action = "signer.changed" if before else "signer.created"
    after = _facts(signer) | ({"token": "set" if token else "none"} if token is not None else {})
    record_audit(signer.organisation, actor, action, signer.name, before, after)
    transaction.on_commit(forget_signers)
    return signer


def _check(signer: Signer) -> None:
    if signer.kind == SignerKind.REMOTE:
        _check_service(signer.url)
    elif signer.url:
        raise ValidationError({"url": "Only a remote signing service has an address."})
    if signer.pk and not signer.active and signer.trunks.exists():
        raise ValidationError({"active": "Trunks use it. Give them another signer first."})


def _check_service(url: str) -> None:
    try:
        check_address(url)
    except AddressInvalid as error:
        raise ValidationError({"url": str(error)}) from error


def _checked_token(token: str) -> str:
    if len(token) > TOKEN_LENGTH or not (token.isascii() and token.isprintable()):
        raise ValidationError({"token": f"Use at most {TOKEN_LENGTH:,} printable characters."})
    return token


def _facts(signer: Signer) -> dict[str, object]:
    return {name: getattr(signer, name) for name in FACTS}
