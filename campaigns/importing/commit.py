"""Bring the checked rows in."""

from __future__ import annotations

from campaigns.choices import ImportStatus
from campaigns.events import announce_change
from campaigns.models import ImportJob
from compliance.services.record_consent import enter_checked

from .matching import decide
from .pieces import Piece
from .runs import Progress, finish, run_pieces, take_over
from .seen import SeenInMemory
from .writing import Writer


def commit(job_id: int, progress: Progress | None = None) -> ImportJob:
    """Run the commit that ``start_commit`` asked for, on from where an earlier run was cut off.

    Leads, counts and place in the file are written together piece by piece, so that a row is brought in once,
    however often this is called. A job that is not being brought in is left alone.
    """
    job = take_over(job_id, ImportStatus.COMMITTING)
    if job is None:
        return ImportJob.objects.get(pk=job_id)
    if run_pieces(job, _bring_in, progress) and finish(job, ImportStatus.DONE) and job.lead_list.campaign_id:
        announce_change(job.lead_list.campaign_id)
    job.refresh_from_db()
    return job


def _bring_in(job: ImportJob, piece: Piece) -> None:
    writer = Writer(job)
    decide(job, piece, writer, SeenInMemory())
    writer.write()
    _enter_consents(job, piece)


def _enter_consents(job: ImportJob, piece: Piece) -> None:
    """Also of rows whose lead was there already: the ledger is of numbers, not of leads."""
    drafts = [record.consent for _, record in piece.good if record.consent is not None]
    if drafts:
        actor = job.created_by.username if job.created_by is not None else "command line"
        enter_checked(job.organisation_id, drafts, actor)
