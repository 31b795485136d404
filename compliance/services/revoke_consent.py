"""Revoke what a person had agreed to: by any means, at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from ..choices import ConsentKind, ConsentMeans
from ..consent.drafts import SOURCE_LENGTH, TEXT_LENGTH
from ..models import Consent
from ..numbers import to_digits


def revoke_consent(
    organisation_id: int,
    number: str,
    means: str,
    *,
    text: str = "",
    source: str = "",
    actor: str = "",
    given_at: datetime | None = None,
    now: datetime | None = None,
) -> Consent:
    """Write a revocation for the number (E.164), whatever the ledger holds; the very next decision obeys it.

    47 CFR 64.1200(a)(10): any reasonable means. ``given_at`` is when the person said so, and a consent given after it
    counts again; without it all that was entered so far ends. Raises ``ValueError`` for what is no number or means.
    """
    digits = to_digits(number)
    moment = now or timezone.now()
    entries = _newest(organisation_id, {digits})
    return Consent.objects.create(
        organisation_id=organisation_id,
        number=digits,
        kind=ConsentKind.REVOKED,
        given_at=given_at or max(moment, entries.get(digits, moment)),
        means=ConsentMeans(means),
        text=text[:TEXT_LENGTH],
        source=source[:SOURCE_LENGTH],
        created_by=actor,
    )


def revoke_known(
    organisation_id: int, numbers: Collection[int], means: str, source: str, actor: str, now: datetime
) -> int:
    """Revoke for those of the numbers of which a consent or relationship stands; returns how many. Two statements.

    For at most as many numbers as fit one query; in the caller's transaction.
    """
    revocations = [
        Consent(
            organisation_id=organisation_id,
            number=number,
            kind=ConsentKind.REVOKED,
            given_at=max(now, given_at),
            means=ConsentMeans(means),
            source=source[:SOURCE_LENGTH],
            created_by=actor,
        )
        for number, given_at in _newest(organisation_id, numbers).items()
    ]
    Consent.objects.bulk_create(revocations)
    return len(revocations)


def _newest(organisation_id: int, numbers: Collection[int]) -> dict[int, datetime]:
    """Number → when the newest entry was given that no revocation has ended; it may lie ahead of a clock set back."""
    entries = Consent.objects.filter(organisation_id=organisation_id, number__in=numbers).order_by()
    given: dict[int, datetime] = {}
    revoked: dict[int, datetime] = {}
    for number, kind, moment in entries.values_list("number", "kind", "given_at"):
        found = revoked if kind == ConsentKind.REVOKED else given
        found[number] = max(moment, found.get(number, moment))
    return {
        number: moment
        for number, moment in given.items()
        if number not in revoked or moment > revoked[number]
    }
