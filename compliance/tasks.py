"""What the gate does in the background."""

from __future__ import annotations

from accounts.models import Organisation
from dialer.celery import app

from .services.check_chain import check_chain
from .services.import_consents import import_consents


@app.task(name="compliance.tasks.check_chains")
def check_chains() -> None:
    """Check every organisation's chain of decisions; what is found stands in the log and in the monthly report."""
    for organisation in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        check_chain(organisation)


@app.task(name="compliance.tasks.enter_consents")
def enter_consents(import_id: int) -> None:
    """Enter the rows of a file, on from where an earlier run was cut off."""
    import_consents(import_id)
