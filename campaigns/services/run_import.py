"""Move an import on: check it, bring it in, cancel it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.choices import ImportStatus
from campaigns.importing.mapping import check_mapping
from campaigns.importing.tally import reset_counts
from campaigns.models import ImportJob

CHECKABLE = (ImportStatus.STAGED, ImportStatus.READY, ImportStatus.CANCELLED, ImportStatus.FAILED)


class WrongStep(Exception):
    """The import is not at this step; the message says so."""


def start_validation(
    job: ImportJob, mapping: Mapping[str, str], country: str, duplicates: str, scope: str
) -> None:
    """Have the file checked with this mapping. Raises ``BadMapping`` or ``WrongStep``.

    An import that has begun to bring leads in is not checked again: it would count its own leads as
    duplicates.
    """
    chosen = check_mapping(mapping, job.columns)
    fresh = ImportJob.objects.filter(pk=job.pk, status__in=CHECKABLE).exclude(leads__isnull=False)
    began = ImportJob.objects.filter(pk__in=fresh.values("pk")).update(
        status=ImportStatus.VALIDATING,
        mapping=chosen,
        country=country,
        duplicates=duplicates,
        scope=scope,
        rows_done=0,
        message="",
        started_at=timezone.now(),
        finished_at=None,
    )
    if not began:
        raise WrongStep("This import is already running or done. Upload the file again for another one.")
    job.refresh_from_db()


@transaction.atomic
def start_commit(job: ImportJob, actor: User | str) -> None:
    """Have the checked rows brought in, counting from nought. Raises ``WrongStep``."""
    ready = ImportJob.objects.filter(pk=job.pk, status=ImportStatus.READY)
    if not ready.update(status=ImportStatus.COMMITTING, started_at=timezone.now(), finished_at=None):
        raise WrongStep("This import is not waiting to be brought in. Check the file first.")
    job.refresh_from_db()
    reset_counts(job)
    target = f"{job.file_name} → {job.lead_list.name}"
    record_audit(job.organisation, actor, "import.committed", target, {}, {"duplicates": job.duplicates})


@transaction.atomic
def cancel_import(job: ImportJob, actor: User) -> None:
    """Stop it after the piece it is at; leads that came in stay until the import is rolled back. Raises
    ``WrongStep``.
    """
    ended = (ImportStatus.DONE, ImportStatus.CANCELLED, ImportStatus.FAILED, ImportStatus.ROLLED_BACK)
    running = ImportJob.objects.filter(pk=job.pk).exclude(status__in=ended)
    if not running.update(status=ImportStatus.CANCELLED, finished_at=timezone.now()):
        raise WrongStep("This import has ended already.")
    record_audit(job.organisation, actor, "import.cancelled", f"{job.file_name} → {job.lead_list.name}")
