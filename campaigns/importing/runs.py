"""One run over a job's file, piece by piece: what checking and bringing in have in common."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import structlog
from django.db import transaction
from django.utils import timezone

from campaigns.choices import ImportStatus
from campaigns.models import ImportJob

from .pieces import Piece, read_pieces
from .problems import BadFile
from .tally import Superseded, write_tally

log = structlog.get_logger(__name__)

Progress = Callable[[ImportJob], None]
"""Called after each piece."""


def take_over(job_id: int, status: ImportStatus) -> ImportJob | None:
    """Make this the job's only run, by one conditional UPDATE; None where the job is not in this status."""
    run = uuid.uuid4().hex
    if not ImportJob.objects.filter(pk=job_id, status=status).update(run=run):
        return None
    return ImportJob.objects.select_related("lead_list").get(pk=job_id, run=run)


def run_pieces(job: ImportJob, handle: Callable[[ImportJob, Piece], None], progress: Progress | None) -> bool:
    """Hand each piece to ``handle`` and count it, in one transaction a piece; True when the file came to its
    end.

    A file that turns out bad fails the job, with the words for a person; a job that another run took over, or
    that was cancelled, is left as it is.
    """
    try:
        for piece in read_pieces(job):
            with transaction.atomic():
                handle(job, piece)
                write_tally(job, piece.tally)
            if progress is not None:
                progress(job)
    except Superseded:
        log.info("import_run_stopped", job=job.pk, rows_done=job.rows_done)
        return False
    except BadFile as error:
        fail(job, str(error))
        return False
    return True


def fail(job: ImportJob, message: str) -> None:
    """End the job with words for a person, if it is still this run's."""
    mine = ImportJob.objects.filter(pk=job.pk, run=job.run, status=job.status)
    mine.update(status=ImportStatus.FAILED, message=message[:400], finished_at=timezone.now())


def finish(job: ImportJob, status: ImportStatus) -> bool:
    """Move the job on when its file came to its end, if it is still this run's."""
    mine = ImportJob.objects.filter(pk=job.pk, run=job.run, status=job.status)
    return bool(mine.update(status=status, rows_total=job.rows_done, finished_at=timezone.now()))
