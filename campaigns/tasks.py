"""Work in the background. Each task may be delivered twice or be cut off anywhere: the data knows where it is."""

from __future__ import annotations

from dialer.celery import app

from .importing.commit import commit
from .importing.validate import validate
from .services.classify_leads import classify_stale


@app.task(name="campaigns.tasks.validate_import")
def validate_import(job_id: int) -> None:
    """Check the file of a job that waits for it."""
    validate(job_id)


@app.task(name="campaigns.tasks.commit_import")
def commit_import(job_id: int) -> None:
    """Bring in the rows of a job that waits for it, on from where an earlier run was cut off."""
    commit(job_id)


@app.task(name="campaigns.tasks.classify_leads")
def classify_leads() -> None:
    """Class leads that have no window class yet, or one of earlier data on places."""
    classify_stale()
