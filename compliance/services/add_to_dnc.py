"""Put numbers on the organisation's own do-not-call list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from ..announce import announce_stops
from ..choices import ConsentMeans, DncSource
from ..models import DncEntry
from ..numbers import InvalidNumbers, normalise, to_digits
from .revoke_consent import revoke_known

NOTE_LENGTH = 200
CHUNK = 500
"""Numbers in one query: under every database's limit of parameters."""
MEANS = {
    DncSource.DISPOSITION: ConsentMeans.VOICE,
    DncSource.IMPORT: ConsentMeans.FILE,
    DncSource.MANUAL: ConsentMeans.OTHER,
    DncSource.API: ConsentMeans.API,
    DncSource.KEY: ConsentMeans.KEY,
}
"""By which means a request revokes what was agreed to before."""


def add_to_dnc(
    organisation_id: int,
    numbers: Sequence[str],
    source: str,
    note: str = "",
    actor: str = "",
    now: datetime | None = None,
) -> int:
    """How many of the numbers were not yet on the list; afterwards all of them are, from this moment on.

    What the ledger holds of them is revoked with it (47 CFR 64.1200(a)(10), (f)(5)(i)).
    They are written in the order of the numbers, so that two who add the same ones do not wait in a ring.
    Every number is announced when the transaction commits, so that a call that is still ringing there ends.
    Raises ``InvalidNumbers`` and writes nothing where a number cannot be read, ``ValueError`` for an unknown
    source.
    """
    moment = now or timezone.now()
    entry = partial(
        DncEntry,
        organisation_id=organisation_id,
        source=DncSource(source),
        note=note[:NOTE_LENGTH],
        created_by=actor,
        created_at=moment,
    )
    readable = sorted(_readable(numbers))
    with transaction.atomic():
        added = sum(_write(organisation_id, chunk, entry) for chunk in _chunks(readable))
        _revoke(organisation_id, readable, DncSource(source), actor, moment)
        transaction.on_commit(partial(announce_stops, organisation_id, readable))
    return added


def _write(organisation_id: int, numbers: list[str], entry: Callable[..., DncEntry]) -> int:
    digits = [to_digits(number) for number in numbers]
    entries = DncEntry.objects.filter(organisation_id=organisation_id, number__in=digits)
    known = set(entries.values_list("number", flat=True))
    fresh = [entry(number=number) for number in digits if number not in known]
    DncEntry.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _revoke(
    organisation_id: int, numbers: list[str], source: DncSource, actor: str, moment: datetime
) -> None:
    words = f"Do-not-call request: {source.label}"
    for chunk in _chunks(numbers):
        digits = [to_digits(number) for number in chunk]
        revoke_known(organisation_id, digits, MEANS[source], words, actor, moment)


def _readable(numbers: Sequence[str]) -> list[str]:
    pairs = [(number, normalise(number)) for number in numbers]
    bad = [number for number, read in pairs if read is None]
    if bad:
        raise InvalidNumbers(bad)
    return list(dict.fromkeys(read for _, read in pairs if read is not None))


def _chunks(numbers: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]
