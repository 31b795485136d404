"""What became of the rows of a piece: the counts that must add up, and the rows that were rejected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import F

from campaigns.models import ImportJob, RejectedRow

from .problems import Note, RowProblem, Skip
from .record import Record
from .rows import RawRow


class Superseded(Exception):
    """Another run has taken the job over, or a person cancelled it: this run stops without a word."""


@dataclass(slots=True)
class Tally:
    """Rows of one piece by what became of them."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[RawRow, RowProblem]] = field(default_factory=list)

    def skip(self, why: Skip) -> None:
        """One row is passed over."""
        self.skipped += 1
        self.codes[why.value] += 1

    def reject(self, raw: RawRow, problem: RowProblem) -> None:
        """One row cannot be brought in."""
        self.rejected.append((raw, problem))
        self.codes[problem.code.value] += 1

    def note(self, record: Record) -> None:
        """What was left out of a row that is brought in."""
        if record.left_out:
            self.codes[Note.PHONE_LEFT_OUT.value] += record.left_out


def write_tally(job: ImportJob, tally: Tally) -> None:
    """Add a piece to the job's counts, in the piece's transaction, if the job is still this run's and at this
    row.

    The one conditional UPDATE is what makes the work idempotent: a piece that was written cannot be written
    again. Raises ``Superseded``, and with it the piece's transaction falls.
    """
    assert tally.rows == tally.created + tally.updated + tally.skipped + len(tally.rejected), "every row once"
    errors = dict(Counter(job.errors) + tally.codes)
    mine = ImportJob.objects.filter(pk=job.pk, run=job.run, status=job.status, rows_done=job.rows_done)
    won = mine.update(
        rows_done=F("rows_done") + tally.rows,
        created=F("created") + tally.created,
        updated=F("updated") + tally.updated,
        skipped=F("skipped") + tally.skipped,
        rejected=F("rejected") + len(tally.rejected),
        errors=errors,
    )
    if not won:
        raise Superseded
    RejectedRow.objects.bulk_create(_rejected(job, raw, problem) for raw, problem in tally.rejected)
    job.rows_done += tally.rows
    job.errors = errors


def _rejected(job: ImportJob, raw: RawRow, problem: RowProblem) -> RejectedRow:
    values = [cell.replace("\0", "\N{SYMBOL FOR NULL}") for cell in raw.cells]
    return RejectedRow(
        job=job, row=raw.number, values=values, code=problem.code.value, message=problem.message[:200]
    )


def reset_counts(job: ImportJob) -> None:
    """Begin at the first row again, if the job is still this run's; what an earlier run rejected goes."""
    RejectedRow.objects.filter(job=job).delete()
    zeros = {"rows_done": 0, "created": 0, "updated": 0, "skipped": 0, "rejected": 0, "errors": {}}
    ImportJob.objects.filter(pk=job.pk, run=job.run).update(**zeros)
    for name, value in zeros.items():
        setattr(job, name, value)
