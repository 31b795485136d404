"""Put in order what a process left that died while it loaded or changed a list."""

from __future__ import annotations

import time

import structlog
from django.db import transaction
from django.utils import timezone

from ..choices import VersionStatus
from ..lists import files
from ..lists.changing import change_bits, change_sorted, form_of
from ..lists.journal import read_journal
from ..lists.layout import Form, Header
from ..lists.numbers import Numbers
from ..lists.plans import PLANS
from ..lists.problems import BadFile, Busy, Damaged
from ..lists.registry import THE_REGISTRY
from ..models import DncChange, DncList, DncVersion

log = structlog.get_logger(__name__)

UPLOAD_TAKES_S = 6 * 3600
CUT_OFF = (
    "The load was cut off before its end; the version before it stays in force. Load the file once more."
)


def recover_lists() -> int:
    """Do it for every list that nobody works on; how many of them something was done for."""
    done = 0
    for dnc_list in DncList.objects.select_related("current", "organisation"):
        try:
            with files.only_writer(dnc_list.pk):
                done += recover_list(dnc_list)
        except Busy:
            continue
        except (BadFile, Damaged, OSError) as error:
            log.warning("list_not_recovered", dnc_list=dnc_list.pk, why=str(error))
    _remove_old_uploads()
    return done


def recover_list(dnc_list: DncList) -> bool:
    """Mark loads that were cut off as failed, finish changes, delete leftovers. Only for the list's one writer.

    Returns whether there was something to do. Raises ``Damaged`` where a change cannot be finished.
    """
    dnc_list.refresh_from_db()
    died = dnc_list.versions.filter(status=VersionStatus.LOADING)
    failed = died.update(status=VersionStatus.FAILED, message=CUT_OFF, file="", upload="")
    open_changes = DncChange.objects.filter(version=dnc_list.current_id, applied_at=None).order_by("sequence")
    changes = list(open_changes)
    for change in changes:
        carry_out(dnc_list, change)
    return remove_leftovers(dnc_list) or bool(failed or changes)


def recover_before_load(dnc_list: DncList) -> None:
    """The same before a full load, which replaces what is damaged."""
    try:
        recover_list(dnc_list)
    except (BadFile, Damaged) as error:
        log.warning("list_not_recovered", dnc_list=dnc_list.pk, why=str(error))


def carry_out(dnc_list: DncList, change: DncChange) -> None:
    """Do what a change's journal says, once more if need be, and write down that it was done.

    Raises ``Damaged`` where the journal or the list's file is.
    """
    version = dnc_list.current
    assert version is not None
    assert version.pk == change.version_id
    added, removed = read_journal(files.folder() / change.journal)
    name, header = _change_file(dnc_list, version, change.sequence, added, removed)
    with transaction.atomic():
        change.applied_at = timezone.now()
        change.save(update_fields=["applied_at"])
        version.file, version.entries, version.change = name, header.count, change.sequence
        version.fresh_as_of = change.as_of
        version.save(update_fields=["file", "entries", "change", "fresh_as_of"])
        THE_REGISTRY.forget()
        transaction.on_commit(THE_REGISTRY.forget)


def _change_file(
    dnc_list: DncList, version: DncVersion, sequence: int, added: Numbers, removed: Numbers
) -> tuple[str, Header]:
    path = files.folder() / version.file
    try:
        if form_of(path) is Form.BITS:
            return version.file, change_bits(path, sequence, added, removed)
        name = files.new_name(dnc_list.pk, "numbers")
        plan = PLANS.get(dnc_list.country)
        return name, change_sorted(path, files.folder() / name, sequence, added, removed, plan)
    except FileNotFoundError as error:
        raise Damaged("The list's file is missing. Load the list in full.") from error


def _remove_old_uploads() -> None:
    """Uploads that nobody waits for; young ones may still be on their way in."""
    awaited = set(DncVersion.objects.exclude(upload="").values_list("upload", flat=True))
    for path in files.uploads().iterdir():
        if path.name not in awaited and time.time() - path.stat().st_mtime > UPLOAD_TAKES_S:
            path.unlink(missing_ok=True)


def remove_leftovers(dnc_list: DncList) -> bool:
    """Delete the list's files that no record names any more; whether there were any."""
    versions = DncVersion.objects.filter(dnc_list=dnc_list)
    living = versions.exclude(status__in=[VersionStatus.FAILED, VersionStatus.RETIRED])
    kept = set(living.values_list("file", flat=True))
    kept |= set(DncChange.objects.filter(version__in=living).values_list("journal", flat=True))
    leftovers = [name for name in files.names_of(dnc_list.pk) if name not in kept]
    for name in leftovers:
        (files.folder() / name).unlink(missing_ok=True)
    return bool(leftovers)
