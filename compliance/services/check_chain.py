"""Check an organisation's chain of decisions, and keep what was found."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from django.utils import timezone

from ..evidence.verifying import Head, Progress, Verdict, verify
from ..models import ChainCheck

log = structlog.get_logger(__name__)


def check_chain(
    organisation_id: int, anchors: Iterable[Head] = (), progress: Progress | None = None
) -> Verdict:
    """Work every digest out again. Heads of earlier checks are anchors besides those that are given.

    The head goes into the log, which lies elsewhere than the database: it can be compared later.
    """
    at = timezone.now()
    verdict = verify(organisation_id, [*_noted(organisation_id), *anchors], progress)
    ChainCheck.objects.create(
        organisation_id=organisation_id,
        sequence=verdict.head.sequence,
        digest=verdict.head.digest,
        checked=verdict.checked,
        finding=verdict.finding or "",
        found_at=verdict.sequence,
        at=at,
    )
    tell = log.info if verdict.intact else log.error
    tell(
        "chain_checked",
        organisation=organisation_id,
        head=str(verdict.head),
        finding=verdict.finding or "",
        sequence=verdict.sequence,
    )
    return verdict


def _noted(organisation_id: int) -> list[Head]:
    rows = ChainCheck.objects.filter(organisation=organisation_id, finding="", sequence__gt=0)
    return [Head(sequence, bytes(digest)) for sequence, digest in rows.values_list("sequence", "digest")]
