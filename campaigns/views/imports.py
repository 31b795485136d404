"""Imports: stage, map, check, preview, bring in, report, take back."""

from __future__ import annotations

from collections.abc import Callable

from celery import Task
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from accounts.access import SignedInRequest, requires
from accounts.choices import Capability
from campaigns import tasks
from campaigns.access import access_import
from campaigns.choices import ImportStatus
from campaigns.forms.leads import CheckForm, UploadForm
from campaigns.importing.mapping import FIELD_CHOICES, BadMapping, custom_name
from campaigns.importing.problems import BadFile
from campaigns.importing.report import groups, rejected_csv, rows_a_second, seconds_left
from campaigns.models import ImportJob, LeadList
from campaigns.overview import IMPORT_LOOKS
from campaigns.services.roll_back_import import ROLLABLE, CannotRollBack, roll_back_import
from campaigns.services.run_import import WrongStep, cancel_import, start_commit, start_validation
from campaigns.services.save_list import save_list
from campaigns.services.stage_import import same_file_before, stage_import

imports_leads = requires(Capability.IMPORT_LEADS)
RUNNING = (ImportStatus.VALIDATING, ImportStatus.COMMITTING)
LAST_IMPORTS = 50
SAMPLE_ROWS = 4


@require_safe
@imports_leads
def imports(request: SignedInRequest) -> HttpResponse:
    """The last imports."""
    jobs = ImportJob.objects.filter(organisation=request.user.organisation_id)
    rows = [
        (job, *IMPORT_LOOKS[job.status])
        for job in jobs.select_related("lead_list", "created_by")[:LAST_IMPORTS]
    ]
    return render(request, "campaigns/imports.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@imports_leads
def new_import(request: SignedInRequest) -> HttpResponse:
    """Upload a file."""
    organisation = request.user.organisation
    form = UploadForm(
        organisation,
        request.POST or None,
        request.FILES or None,
        initial={"lead_list": request.GET.get("list")},
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = stage_import(
                _list_for(request, form), request.user, file.name, file.chunks(), organisation.country
            )
        except BadFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("campaigns:import", job.pk)
    return render(request, "campaigns/new_import.html", {"form": form})


def _list_for(request: SignedInRequest, form: UploadForm) -> LeadList:
    chosen = form.cleaned_data["lead_list"]
    if chosen is not None:
        return chosen
    values = {"name": form.cleaned_data["new_list"].strip(), "campaign": form.cleaned_data["campaign"]}
    return save_list(LeadList(organisation=request.user.organisation), request.user, values)


@require_safe
@imports_leads
def import_job(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where an import stands, and what can be done with it now."""
    return _job_page(request, access_import(request.user, pk))


@require_POST
@imports_leads
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Check the file with the mapping that was chosen."""
    job, form = access_import(request.user, pk), CheckForm(request.POST)
    if not form.is_valid():
        return _job_page(request, job, form)
    try:
        start_validation(job, _chosen_mapping(request, job), **form.cleaned_data)
    except (BadMapping, WrongStep) as error:
        form.add_error(None, str(error))
        return _job_page(request, job, form)
    return _send_off(request, job, tasks.validate_import)


@require_POST
@imports_leads
def commit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bring the checked rows in."""
    job = access_import(request.user, pk)
    try:
        start_commit(job, request.user)
    except WrongStep as error:
        messages.error(request, str(error))
        return redirect("campaigns:import", pk)
    return _send_off(request, job, tasks.commit_import)


@require_POST
@imports_leads
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop it."""
    job = access_import(request.user, pk)
    return _try(request, job, lambda: cancel_import(job, request.user), "The import was cancelled.")


@require_POST
@imports_leads
def roll_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take it back."""
    job = access_import(request.user, pk)
    return _try(request, job, lambda: roll_back_import(job.pk, request.user), "The import was taken back.")


@require_safe
@imports_leads
def progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """How far a running import is: for the page that shows it."""
    job = access_import(request.user, pk)
    return JsonResponse(
        {
            "status": job.status,
            "running": job.status in RUNNING,
            "rows_done": job.rows_done,
            "rows_total": job.rows_total,
            "rows_a_second": round(rows_a_second(job)),
            "seconds_left": seconds_left(job),
        }
    )


@require_safe
@imports_leads
def rejected(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The rejected rows in their own columns, with the error and the fix."""
    job = access_import(request.user, pk)
    response = StreamingHttpResponse(rejected_csv(job), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{job.pk}-rejected.csv"'
    return response


def _send_off(request: HttpRequest, job: ImportJob, task: Task) -> HttpResponse:
    """Hand the work to the background; the job waits where no worker can be reached, and says so."""
    try:
        task.apply_async((job.pk,), retry=False)
    except OperationalError:
        messages.error(request, "The background work cannot be reached. Start it, then press “Go on” below.")
    return redirect("campaigns:import", job.pk)


@require_POST
@imports_leads
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand the work to the background once more: a run that is still going on gives way to the new one."""
    job = access_import(request.user, pk)
    task = {ImportStatus.VALIDATING: tasks.validate_import, ImportStatus.COMMITTING: tasks.commit_import}
    if job.status not in task:
        messages.error(request, "This import is not running.")
        return redirect("campaigns:import", pk)
    return _send_off(request, job, task[ImportStatus(job.status)])


def _try(request: HttpRequest, job: ImportJob, work: Callable[[], object], done: str) -> HttpResponse:
    try:
        work()
    except (WrongStep, CannotRollBack) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("campaigns:import", job.pk)


def _chosen_mapping(request: HttpRequest, job: ImportJob) -> dict[str, str]:
    chosen = {str(index): request.POST.get(f"column-{index}", "") for index in range(len(job.columns))}
    return {
        index: f"custom:{custom_name(job.columns[int(index)])}" if target == "custom" else target
        for index, target in chosen.items()
    }


def _job_page(request: SignedInRequest, job: ImportJob, form: CheckForm | None = None) -> HttpResponse:
    tone, icon = IMPORT_LOOKS[job.status]
    initial = {"country": job.country, "duplicates": job.duplicates, "scope": job.scope}
    context = {
        "job": job,
        "form": form or CheckForm(initial=initial),
        "columns": _columns(job),
        "fields": FIELD_CHOICES,
        "groups": groups(job),
        "running": job.status in RUNNING,
        "mapping_open": job.status in (ImportStatus.STAGED, ImportStatus.READY, ImportStatus.FAILED),
        "can_roll_back": job.status in ROLLABLE and bool(job.created or job.updated),
        "same": same_file_before(job) if job.status == ImportStatus.STAGED else None,
        "tone": tone,
        "icon": icon,
    }
    return render(request, "campaigns/import.html", context, status=422 if form is not None else 200)


def _columns(job: ImportJob) -> list[tuple[int, str, str, list[str]]]:
    """Place, name, what it is mapped to, and what stands in it."""
    found = []
    for index, name in enumerate(job.columns):
        target = job.mapping.get(str(index), "")
        cells = [row[index] for row in job.samples if index < len(row) and row[index].strip()]
        found.append((index, name, "custom" if target.startswith("custom:") else target, cells[:SAMPLE_ROWS]))
    return found
