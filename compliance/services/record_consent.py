"""Enter a consent or a relationship into the ledger."""

from __future__ import annotations

from collections.abc import Iterable
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


def enter_checked(organisation_id: int, drafts: Iterable[Draft], actor: str) -> int:
    """Write drafts that were checked, in the caller's transaction; returns how many."""
    entries = [consent_of(organisation_id, draft, actor) for draft in drafts]
    Consent.objects.bulk_create(entries, batch_size=CHUNK)
    return len(entries)


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
