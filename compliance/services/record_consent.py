"""Enter a consent or a relationship into the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ..choices import ConsentKind
from ..consent.drafts import BadConsent, Draft, check
from ..consent.proofs import Proof
from ..models import Consent

CHUNK = 500
"""Entries in one statement: under every database's limit of parameters."""


def record_consent(
    organisation_id: int,
    draft: Draft,
    actor: str,
    proof: Proof | None = None,
    now: datetime | None = None,
) -> Consent:
    """Write one entry, never to be edited; the very next decision sees it. Raises ``BadConsent`` and writes nothing.

    A revocation is another verb's (``revoke_consent``), for it needs no proof and may not fail.
    """
    if draft.kind == ConsentKind.REVOKED:
        raise BadConsent("kind", "A revocation is entered as one: choose Revoke.")
    checked = check(draft, now or timezone.now(), has_proof=proof is not None)
    entry = consent_of(organisation_id, checked, actor)
    with transaction.atomic():
        if proof is not None:
            entry.proof_sha256 = proof.sha256
            entry.proof.save(proof.file().name or "", proof.file(), save=False)
        entry.save()
    return entry


def enter_checked(organisation_id: int, drafts: Sequence[Draft], actor: str) -> int:
    """Write drafts that were checked, in the caller's transaction; returns how many were not there already.

    An entry of the same number, kind and moment is the same one: a file that comes twice adds nothing.
    """
    entered = 0
    for start in range(0, len(drafts), CHUNK):
        fresh = _not_there(organisation_id, drafts[start : start + CHUNK])
        Consent.objects.bulk_create(consent_of(organisation_id, draft, actor) for draft in fresh)
        entered += len(fresh)
    return entered


def _not_there(organisation_id: int, drafts: Sequence[Draft]) -> list[Draft]:
    found = Consent.objects.filter(
        organisation=organisation_id, number__in={draft.number for draft in drafts}
    )
    there: set[tuple[int, str, datetime]] = set(found.order_by().values_list("number", "kind", "given_at"))
    fresh = {_key(draft): draft for draft in drafts if _key(draft) not in there}
    return list(fresh.values())


def _key(draft: Draft) -> tuple[int, str, datetime]:
    return draft.number, draft.kind.value, draft.given_at


def consent_of(organisation_id: int, draft: Draft, actor: str) -> Consent:
    """The row of a draft, unsaved."""
    return Consent(
        organisation_id=organisation_id,
        number=draft.number,
        kind=draft.kind,
        given_at=draft.given_at,
        expires_at=draft.expires_at,
        means=draft.means,
        scope=draft.scope,
        text=draft.text,
        source=draft.source,
        created_by=actor,
    )
