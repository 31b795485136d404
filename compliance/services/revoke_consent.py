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
    """Revoke for those of the numbers that have a consent or relationship; returns how many. Two statements.

    For at most as many numbers as fit one query; in the caller's transaction.
    """
    newest = _newest(organisation_id, numbers)
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
        for number, given_at in newest.items()
    ]
    Consent.objects.bulk_create(revocations)
    return len(revocations)


def _newest(organisation_id: int, numbers: Collection[int]) -> dict[int, datetime]:
    """Number → when its newest consent or relationship was given; it may lie ahead of a clock that was set back."""
    entries = Consent.objects.filter(organisation_id=organisation_id, number__in=numbers)
    rows = entries.exclude(kind=ConsentKind.REVOKED).order_by().values_list("number", "given_at")
    found: dict[int, datetime] = {}
    for number, given_at in rows:
        found[number] = max(given_at, found.get(number, given_at))
    return found
