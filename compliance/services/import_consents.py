"""Enter a staged file, piece by piece: rows and place in the file are written together, so each row is entered once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..choices import ConsentFile, ConsentMeans
from ..consent.drafts import BadConsent, Draft, check, draft_from_cells
from ..consent.files import BadFile, Cells, read_rows
from ..models import ConsentImport
from .record_consent import enter_checked
from .record_reassigned_answers import Answered, BadAnswer, enter_answers, read_answer
from .stage_consents import SHAPES

PIECE_ROWS = 1000
"""Rows in one transaction, so that dialing is never held up."""
SHOWN_ERRORS = 200
"""Rejected rows that are kept with their words; more are only counted."""
Progress = Callable[[ConsentImport], None]
Problem = tuple[int, str]
"""Line, and what is wrong with it and what to do."""

log = structlog.get_logger(__name__)


class Superseded(Exception):
    """Another run is at this file: this one stops without a word."""


def import_consents(import_id: int, progress: Progress | None = None) -> ConsentImport:
    """Enter the rows of a staged file, on from where an earlier run was cut off; a finished one is left alone.

    Rows that cannot be entered are counted and, the first of them, kept with words. Where the rest of the file cannot
    be read the import ends with a message; what was entered before stays, for a revocation among it must hold.
    """
    job = ConsentImport.objects.select_related("organisation", "created_by").get(pk=import_id)
    if job.finished_at is not None:
        return job
    try:
        for piece in _pieces(job):
            with transaction.atomic():
                _enter(job, piece)
            if progress is not None:
                progress(job)
        _finish(job, "" if job.rows_done else "The file has no rows below its header. Nothing was entered.")
    except BadFile as error:
        _finish(job, str(error))
    except Superseded:
        log.info("consent_import_stopped", job=job.pk, rows_done=job.rows_done)
    job.refresh_from_db()
    return job


def _pieces(job: ConsentImport) -> Iterator[list[tuple[int, Cells]]]:
    rows = read_rows(Path(job.file.path), SHAPES[ConsentFile(job.kind)])
    rest = islice(rows, job.rows_done, None)
    while piece := list(islice(rest, PIECE_ROWS)):
        yield piece


def _enter(job: ConsentImport, piece: list[tuple[int, Cells]]) -> None:
    """Write the good rows and count all. Raises ``Superseded`` where the import stands elsewhere by now."""
    enter = _enter_answers if job.kind == ConsentFile.ANSWERS else _enter_consents
    entered, problems = enter(job, piece)
    errors = (job.errors + [list(problem) for problem in problems])[:SHOWN_ERRORS]
    mine = ConsentImport.objects.filter(pk=job.pk, rows_done=job.rows_done, finished_at=None)
    moved = mine.update(
        rows_done=F("rows_done") + len(piece),
        entered=F("entered") + entered,
        rejected=F("rejected") + len(problems),
        errors=errors,
    )
    if not moved:
        raise Superseded
    job.rows_done += len(piece)
    job.errors = errors


def _enter_consents(job: ConsentImport, piece: list[tuple[int, Cells]]) -> tuple[int, list[Problem]]:
    zone, now = ZoneInfo(job.organisation.time_zone), timezone.now()
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for line, cells in piece:
        try:
            drafts.append(check(_draft(job, line, cells, zone), now))
        except BadConsent as error:
            problems.append((line, f"{error.field}: {error.message}"))
    return enter_checked(job.organisation_id, drafts, _actor(job)), problems


def _draft(job: ConsentImport, line: int, cells: Cells, zone: ZoneInfo) -> Draft:
    return draft_from_cells(
        cells,
        country=job.organisation.country,
        zone=zone,
        means=ConsentMeans.FILE,
        source=f"{job.file_name[:160]}, line {line}",
    )


def _enter_answers(job: ConsentImport, piece: list[tuple[int, Cells]]) -> tuple[int, list[Problem]]:
    answered_at: datetime = job.answered_at or job.created_at
    answers: list[Answered] = []
    problems: list[Problem] = []
    for line, cells in piece:
        try:
            answers.append(read_answer(cells))
        except BadAnswer as error:
            problems.append((line, str(error)))
    return enter_answers(job.organisation_id, answers, answered_at, job.file_name), problems


def _finish(job: ConsentImport, message: str) -> None:
    mine = ConsentImport.objects.filter(pk=job.pk, rows_done=job.rows_done, finished_at=None)
    mine.update(finished_at=timezone.now(), rows_total=job.rows_done, message=message[:400])


def _actor(job: ConsentImport) -> str:
    return job.created_by.username if job.created_by is not None else "command line"
