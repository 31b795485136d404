"""Files of leads for tests, staged and brought in as the pages and the command do it."""

from __future__ import annotations

from campaigns.choices import Duplicates, Scope
from campaigns.importing.commit import commit
from campaigns.importing.validate import validate
from campaigns.models import ImportJob, LeadList
from campaigns.services.run_import import start_commit, start_validation
from campaigns.services.stage_import import stage_import

GOOD = "First Name,Last Name,Phone,ZIP\nAda,King,(212) 555-0101,10001\nBo,Lee,+1 305 555 0102,33101\n"


def staged(lead_list: LeadList, content: str | bytes = GOOD, **options: str) -> ImportJob:
    """The file taken in."""
    data = content.encode() if isinstance(content, str) else content
    return stage_import(lead_list, None, "leads.csv", [data[:7], data[7:]], **options)


def checked(lead_list: LeadList, content: str | bytes = GOOD, **options: str) -> ImportJob:
    """The file taken in and checked."""
    job = staged(lead_list, content)
    start_validation(
        job,
        options.get("mapping", job.mapping),
        options.get("country", "US"),
        options.get("duplicates", Duplicates.SKIP),
        options.get("scope", Scope.LIST),
    )
    return validate(job.pk)


def brought_in(lead_list: LeadList, content: str | bytes = GOOD, **options: str) -> ImportJob:
    """The file checked and brought in."""
    job = checked(lead_list, content, **options)
    assert job.status == "ready", job.message
    start_commit(job, "test")
    return commit(job.pk)


def counts(job: ImportJob) -> tuple[int, int, int, int]:
    """Created, updated, skipped, rejected; they add up to the rows read."""
    found = (job.created, job.updated, job.skipped, job.rejected)
    assert sum(found) == job.rows_done == job.rows_total
    return found
