"""Check a staged file from end to end, writing nothing but counts and rejected rows."""

from __future__ import annotations

from campaigns.choices import ImportStatus
from campaigns.models import ImportJob

from .matching import decide
from .pieces import Piece
from .problems import BadFile
from .record import Record
from .runs import Progress, fail, finish, run_pieces, take_over
from .seen import SeenOnDisk
from .tally import reset_counts


class _Forecast:
    """The plan of a check: the counts are all that is wanted."""

    def create(self, record: Record) -> None:
        """Counted by the caller."""

    def update(self, record: Record, lead_id: int) -> None:
        """Counted by the caller."""

    def merge(self, record: Record, number: str) -> None:
        """Counted by the caller."""


def validate(job_id: int, progress: Progress | None = None) -> ImportJob:
    """Run the check that ``start_validation`` asked for; it begins anew where an earlier run was cut off.

    Afterwards the job is ready with the counts that a commit would have, or failed with a message. A job that
    is not being checked is left alone.
    """
    job = take_over(job_id, ImportStatus.VALIDATING)
    if job is None:
        return ImportJob.objects.get(pk=job_id)
    reset_counts(job)
    seen = SeenOnDisk()
    try:
        if run_pieces(job, lambda job, piece: _check(job, piece, seen), progress):
            _conclude(job)
    finally:
        seen.close()
    job.refresh_from_db()
    return job


def _check(job: ImportJob, piece: Piece, seen: SeenOnDisk) -> None:
    decide(job, piece, _Forecast(), seen)


def _conclude(job: ImportJob) -> None:
    if not job.rows_done:
        fail(job, str(BadFile("The file has no rows. Choose the file with the leads.")))
    else:
        finish(job, ImportStatus.READY)
