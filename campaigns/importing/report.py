"""What became of an import, in words and as a file of the rejected rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from campaigns.models import ImportJob, RejectedRow

from .problems import Note, Problem, Skip


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with the same problem."""

    code: str
    kind: str
    """rejected, skipped or note."""
    rows: int
    words: str
    """What repairs it, or why the rows were passed over."""


def groups(job: ImportJob) -> list[Group]:
    """The job's problems by what repairs them, the most frequent first."""
    found = [_group(code, rows) for code, rows in job.errors.items()]
    return sorted(found, key=lambda group: (-group.rows, group.code))


def _group(code: str, rows: int) -> Group:
    for kind, choices in (("rejected", Problem), ("skipped", Skip), ("note", Note)):
        if code in choices.values:
            return Group(code, kind, rows, str(choices(code).label))
    raise ValueError(f"Unknown problem code {code!r}.")


def summary_lines(job: ImportJob) -> list[str]:
    """The result for a terminal: the counts add up to the rows that were read."""
    lines = [
        f"{job.rows_done:,} rows read from {job.file_name}: {job.created:,} created, {job.updated:,} updated, "
        f"{job.skipped:,} skipped, {job.rejected:,} rejected."
    ]
    lines += [f"  {group.rows:,} {group.kind}: {group.words}" for group in groups(job)]
    return lines


def rows_a_second(job: ImportJob) -> float:
    """How fast the step runs, or ran."""
    if job.started_at is None:
        return 0.0
    seconds = ((job.finished_at or timezone.now()) - job.started_at).total_seconds()
    return job.rows_done / max(seconds, 0.001)


def seconds_left(job: ImportJob) -> float | None:
    """How long the running step will still take; None where nothing can be told yet."""
    rate = rows_a_second(job)
    if job.finished_at is not None or not job.rows_done or rate <= 0:
        return None
    return max(job.rows_total - job.rows_done, 0) / rate


class _Echo:
    """A file that hands back each line that is written."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def rejected_csv(job: ImportJob) -> Iterator[str]:
    """The rejected rows in the file's own columns and separator, with the error and what repairs it."""
    writer = csv.writer(_Echo(), delimiter=job.delimiter or ",")
    yield "\ufeff" + writer.writerow([*job.columns, "error", "fix"])
    width = len(job.columns)
    for rejected in RejectedRow.objects.filter(job=job).order_by("row", "id").iterator():
        cells = [*rejected.values, *[""] * (width - len(rejected.values))]
        yield writer.writerow([*cells, rejected.message, Problem(rejected.code).label])
