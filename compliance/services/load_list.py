"""Load a list in full: a new file beside the old one, which holds until the new one is complete and in its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..choices import VersionStatus
from ..lists import files
from ..lists.building import Builder
from ..lists.layout import Header
from ..lists.plans import PLANS
from ..lists.problems import BadFile
from ..lists.reading.delivered import Tally, read_numbers, sha256_of
from ..lists.reading.reader import Reader
from ..lists.reading.source import Source
from ..lists.registry import THE_REGISTRY
from ..lists.versions import check_date, next_number
from ..models import DncList, DncVersion
from .recover_list import recover_before_load, remove_leftovers

log = structlog.get_logger(__name__)

Progress = Callable[[int, int], None]
"""Bytes done and bytes in all, of the delivered file."""
PROGRESS_S = 0.5
LEAST_SHARE = 0.5
"""A list that shrinks below this share of itself is more likely a broken delivery."""


def load_list(
    dnc_list: DncList,
    path: Path,
    as_of: date,
    actor: User | str,
    *,
    source_name: str = "",
    accept_shrink: bool = False,
    progress: Progress | None = None,
) -> DncVersion:
    """The new version, in force. ``as_of``: the date of the data. ``source_name`` is only shown.

    Raises ``BadFile`` where the file cannot be taken (the old version stays in force; the new one keeps the words),
    ``Busy`` where the list is being loaded or changed.
    """
    check_date(as_of)
    with files.only_writer(dnc_list.pk):
        recover_before_load(dnc_list)
        version = DncVersion.objects.create(
            dnc_list=dnc_list,
            number=next_number(dnc_list),
            status=VersionStatus.LOADING,
            as_of=as_of,
            fresh_as_of=as_of,
            source_name=(source_name or path.name)[:200],
            created_by=actor if isinstance(actor, User) else None,
        )
        return run_load(version, path, actor, accept_shrink, progress)


def run_load(
    version: DncVersion, path: Path, actor: User | str, accept_shrink: bool, progress: Progress | None = None
) -> DncVersion:
    """Carry out a load that was claimed; only the list's one writer may."""
    try:
        header, tally, digest = _build(version, path, progress)
        _check_size(version.dnc_list, header, accept_shrink)
    except (BadFile, OSError) as error:
        why = (
            str(error)
            if isinstance(error, BadFile)
            else f"The file cannot be read or written: {error.strerror}."
        )
        _fail(version, why)
        raise BadFile(why) from error
    _put_in_force(version, header, tally, digest, actor)
    return version


def _build(version: DncVersion, path: Path, progress: Progress | None) -> tuple[Header, Tally, str]:
    dnc_list, tally = version.dnc_list, Tally()
    version.file = files.new_name(dnc_list.pk, "numbers")
    version.bytes_total = path.stat().st_size
    version.save(update_fields=["file", "bytes_total"])
    builder = Builder(files.folder() / version.file, PLANS.get(dnc_list.country))
    reader = Reader(dnc_list.country or dnc_list.organisation.country, only=bool(dnc_list.country))
    with ThreadPoolExecutor(1) as pool, Source(path) as source:
        digest = pool.submit(sha256_of, path)
        shown_at = 0.0
        for batch in read_numbers(source, reader, tally):
            if batch.added is not None and not batch.added.all():
                raise BadFile("It deletes numbers: it is a file of changes. Apply it instead.")
            builder.add(batch.numbers)
            if time.monotonic() - shown_at >= PROGRESS_S:
                shown_at = time.monotonic()
                _show(version, source, progress)
        _show(version, source, progress)
        return builder.finish(), tally, digest.result()


def _show(version: DncVersion, source: Source, progress: Progress | None) -> None:
    DncVersion.objects.filter(pk=version.pk).update(bytes_done=source.done)
    if progress is not None:
        progress(source.done, source.total)


def _check_size(dnc_list: DncList, header: Header, accept_shrink: bool) -> None:
    current = dnc_list.current
    if current is None or accept_shrink or header.count >= current.entries * LEAST_SHARE:
        return
    raise BadFile(
        f"It holds {header.count:,} numbers and the list now has {current.entries:,}: less than half. If that is "
        "right, load it once more and accept that the list shrinks."
    )


@transaction.atomic
def _put_in_force(version: DncVersion, header: Header, tally: Tally, digest: str, actor: User | str) -> None:
    dnc_list = version.dnc_list
    version.status, version.ready_at = VersionStatus.READY, timezone.now()
    version.entries, version.rejected = header.count, tally.rejected
    version.bytes_done, version.source_sha256, version.upload = version.bytes_total, digest, ""
    version.message = f"Left out: {tally.words()}"[:400] if tally.rejected else ""
    version.save()
    before = dnc_list.current
    if before is not None:
        DncVersion.objects.filter(pk=before.pk).update(status=VersionStatus.RETIRED)
    dnc_list.current = version
    dnc_list.save(update_fields=["current"])
    after = {
        "version": version.number,
        "entries": header.count,
        "as_of": str(version.as_of),
        "sha256": digest,
    }
    was = {"version": before.number, "entries": before.entries} if before else {}
    record_audit(dnc_list.organisation, actor, "list.loaded", dnc_list.name, was, after)
    THE_REGISTRY.forget()
    transaction.on_commit(THE_REGISTRY.forget)
    transaction.on_commit(partial(remove_leftovers, dnc_list))


def _fail(version: DncVersion, why: str) -> None:
    DncVersion.objects.filter(pk=version.pk).update(
        status=VersionStatus.FAILED, message=why[:400], file="", upload=""
    )
    remove_leftovers(version.dnc_list)
    log.warning("list_load_failed", dnc_list=version.dnc_list_id, version=version.number)
