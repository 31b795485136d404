"""Take an import back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.choices import ImportStatus, LeadStatus
from campaigns.events import announce_change
from campaigns.models import ImportJob, Lead, LeadChange, LeadPhone

from .classify_leads import classify

ROLLABLE = (ImportStatus.DONE, ImportStatus.CANCELLED, ImportStatus.FAILED)

PIECE_ROWS = 2000
DIALED = "Leads of this import were dialed already. Switch the list off instead."


class CannotRollBack(Exception):
    """The import stays; the message says why."""


@transaction.atomic
def roll_back_import(job_id: int, actor: User) -> int:
    """Remove the leads that the import made and undo its updates; returns how many leads went.

    Refused once a lead of it was dialed: a call must keep its lead. Raises ``CannotRollBack``.
    """
    jobs = ImportJob.objects.select_related("lead_list", "organisation").select_for_update(of=("self",))
    job = jobs.get(pk=job_id)
    if job.status not in ROLLABLE:
        raise CannotRollBack("Only an import that has ended can be taken back.")
    if Lead.objects.filter(import_job=job).exclude(attempts=0, live_call="").exists():
        raise CannotRollBack(DIALED)
    undone = set()
    for change in LeadChange.objects.filter(job=job).select_related("lead").order_by("-id").iterator():
        _undo(change)
        undone.add(change.lead_id)
    _classify(sorted(undone))
    removed = _remove_leads(job)
    LeadChange.objects.filter(job=job).delete()
    ImportJob.objects.filter(pk=job.pk).update(status=ImportStatus.ROLLED_BACK, finished_at=timezone.now())
    target = f"{job.file_name} → {job.lead_list.name}"
    record_audit(job.organisation, actor, "import.rolled_back", target, {"leads": removed}, {"leads": 0})
    if job.lead_list.campaign_id:
        announce_change(job.lead_list.campaign_id)
    return removed


def _classify(lead_ids: list[int]) -> None:
    for start in range(0, len(lead_ids), PIECE_ROWS):
        classify(lead_ids[start : start + PIECE_ROWS])


def _remove_leads(job: ImportJob) -> int:
    """Piece by piece, to hold few of them in memory; a lead that is claimed meanwhile stops it all."""
    ids = list(Lead.objects.filter(import_job=job).values_list("pk", flat=True))
    for start in range(0, len(ids), PIECE_ROWS):
        untouched = Lead.objects.filter(attempts=0, live_call="", pk__in=ids[start : start + PIECE_ROWS])
        untouched.delete()
    if Lead.objects.filter(import_job=job).exists():
        raise CannotRollBack(DIALED)
    return len(ids)


def _undo(change: LeadChange) -> None:
    lead = change.lead
    status = change.before.pop("status", None)
    for name, value in change.before.items():
        setattr(lead, name, value)
    if status == LeadStatus.UNUSABLE and lead.status == LeadStatus.RETRY:
        lead.status = LeadStatus.UNUSABLE
    lead.save(update_fields=[*change.before, "status"])
    LeadPhone.objects.filter(lead=lead, number__in=change.phones_added, attempts=0).delete()
