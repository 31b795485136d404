"""What the gate does in the background."""

from __future__ import annotations

from celery import Task

from accounts.models import Organisation
from dialer.celery import app

from .choices import VersionStatus
from .lists.problems import Busy
from .models import DncVersion
from .services.check_chain import check_chain
from .services.import_consents import import_consents
from .services.load_staged import load_staged
from .services.recover_list import recover_lists

BUSY_RETRY_S = 5


@app.task(name="compliance.tasks.check_chains")
def check_chains() -> None:
    """Check every organisation's chain of decisions; what is found stands in the log and in the monthly report."""
    for organisation in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        check_chain(organisation)


@app.task(name="compliance.tasks.enter_consents")
def enter_consents(import_id: int) -> None:
    """Enter the rows of a file, on from where an earlier run was cut off."""
    import_consents(import_id)


@app.task(name="compliance.tasks.load_list_version", bind=True, max_retries=None)
def load_list_version(task: Task, version_id: int) -> None:
    """Load a file that was uploaded; waits while the list is being changed."""
    try:
        load_staged(version_id)
    except Busy as error:
        raise task.retry(countdown=BUSY_RETRY_S) from error


@app.task(name="compliance.tasks.recover_lists")
def tidy_lists() -> None:
    """Finish or take back what a process left that died over a list; load what was uploaded while no worker was."""
    recover_lists()
    for waiting in DncVersion.objects.filter(status=VersionStatus.STAGED).values_list("pk", flat=True):
        load_list_version.delay(waiting)
