"""Change a list by a file of additions and deletions: journalled first, so that a crash in the middle loses nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit

from ..lists import files
from ..lists.journal import write_journal
from ..lists.numbers import Numbers
from ..lists.problems import BadFile
from ..lists.reading.delivered import Batch, Tally, read_numbers, sha256_of
from ..lists.reading.reader import Reader
from ..lists.reading.source import Source
from ..lists.versions import check_date
from ..models import DncChange, DncList, DncVersion
from .load_list import LEAST_SHARE, Progress
from .recover_list import carry_out, recover_list, remove_leftovers

MOST_CHANGES = 20_000_000


def apply_changes(
    dnc_list: DncList,
    path: Path,
    as_of: date,
    actor: User | str,
    *,
    adding: bool | None = None,
    source_name: str = "",
    accept_shrink: bool = False,
    progress: Progress | None = None,
) -> DncChange:
    """The change, applied. ``adding``: whether all numbers are added or all deleted; None: a column says A or D.

    Changes come in the order of their dates. Raises ``BadFile`` and changes nothing where the file cannot be taken,
    ``Busy`` where the list is being loaded or changed, ``Damaged`` where the list itself is.
    """
    check_date(as_of)
    with files.only_writer(dnc_list.pk):
        recover_list(dnc_list)
        version = _version_for(dnc_list, as_of)
        digest = sha256_of(path)
        _check_new(version, digest)
        added, removed, tally = _read(dnc_list, path, adding, progress)
        if len(removed) > version.entries * LEAST_SHARE and not accept_shrink:
            raise BadFile(
                f"It deletes {len(removed):,} of {version.entries:,} numbers. Accept that the list shrinks."
            )
        journal = files.new_name(dnc_list.pk, "changes")
        write_journal(files.folder() / journal, added, removed)
        with transaction.atomic():
            change = DncChange.objects.create(
                version=version,
                sequence=version.change + 1,
                as_of=as_of,
                source_name=(source_name or path.name)[:200],
                source_sha256=digest,
                journal=journal,
                added=len(added),
                removed=len(removed),
                rejected=tally.rejected,
                created_by=actor if isinstance(actor, User) else None,
            )
            after = {
                "version": version.number,
                "change": change.sequence,
                "as_of": str(as_of),
                "sha256": digest,
            }
            after |= {"added": len(added), "removed": len(removed)}
            record_audit(dnc_list.organisation, actor, "list.changed", dnc_list.name, after=after)
        carry_out(dnc_list, change)
        remove_leftovers(dnc_list)
        return change


def _version_for(dnc_list: DncList, as_of: date) -> DncVersion:
    version = dnc_list.current
    if version is None:
        raise BadFile("The list was never loaded in full. Load it before its changes.")
    if as_of < version.fresh_as_of:
        raise BadFile(
            f"The changes are of {as_of} and the list already holds those of {version.fresh_as_of}. Changes are "
            "applied in the order of their dates: load the list in full if one was left out."
        )
    return version


def _check_new(version: DncVersion, digest: str) -> None:
    same = version.changes.filter(source_sha256=digest).first()
    if same is not None:
        raise BadFile(f"This very file was applied before, as change {same.sequence} of {same.as_of}.")


def _read(
    dnc_list: DncList, path: Path, adding: bool | None, progress: Progress | None
) -> tuple[Numbers, Numbers, Tally]:
    tally, numbers, signs = Tally(), [np.empty(0, np.int64)], [np.empty(0, np.bool_)]
    reader = Reader(dnc_list.country or dnc_list.organisation.country, only=bool(dnc_list.country))
    with Source(path) as source:
        for batch in read_numbers(source, reader, tally):
            numbers.append(batch.numbers)
            signs.append(_signs(batch, adding))
            if tally.accepted > MOST_CHANGES:
                raise BadFile(f"It holds more than {MOST_CHANGES:,} changes. Load the list in full instead.")
            if progress is not None:
                progress(source.done, source.total)
    added, removed = _last_word(np.concatenate(numbers), np.concatenate(signs))
    return added, removed, tally


def _signs(batch: Batch, adding: bool | None) -> np.ndarray:
    if batch.added is not None:
        if adding is not None and (batch.added != adding).any():
            raise BadFile(
                "A column says which numbers are added and which deleted: leave out --add and --remove."
            )
        return batch.added
    if adding is None:
        raise BadFile("Nothing in it says whether its numbers are added or deleted. Say which.")
    return np.full(len(batch.numbers), adding)


def _last_word(numbers: Numbers, added: np.ndarray) -> tuple[Numbers, Numbers]:
    """Of a number that comes more than once, the last line holds."""
    unique, place = np.unique(numbers[::-1], return_index=True)
    sign = added[::-1][place]
    return unique[sign], unique[~sign]
